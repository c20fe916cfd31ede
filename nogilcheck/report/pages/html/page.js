"use strict";
// Everything is on the page without this; it filters and sorts the table, opens what is linked to, and lights up chains.
document.documentElement.classList.add("js");
const byId = (id) => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const ORDER = ["blocker", "gap", "warning", "ready"];
const table = byId("_table");
const showAll = table ? tableControls(table) : () => {};
const picture = byId("_picture");
if (picture) graphControls(picture);

function tableControls(table) {
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const targets = heads.slice(1, -1).map((head) => head.textContent);
  const count = (test) => rows.filter(test).length;
  const unready = (row) => !row.classList.contains("ready");
  const choices = [
    ["unready", "Not ready", unready],
    ["all", "All", () => true],
    ...[["blocker", "Blockers"], ["gap", "Unknown"], ["warning", "Warnings"], ["ready", "Ready"]].map(
      ([status, name]) => [status, name, (row) => row.classList.contains(status)]),
  ];
  const first = count(unready) ? "unready" : "all";
  const status = make("select", {}, ...choices.map(([value, name, test]) =>
    make("option", { value, textContent: `${name} (${count(test)})` })));
  const target = make("select", {}, make("option", { value: "", textContent: "any" }), ...targets.map((name, at) =>
    make("option", { value: String(at + 1), textContent: name })));
  const text = make("input", { type: "search", placeholder: "name, status, requirer" });
  const shown = make("output", {});
  const labelled = (name, control) => make("label", {}, name, control);
  const bar = make("div", { className: "controls" }, labelled("Search", text), labelled("Status", status));
  if (targets.length > 1) bar.append(labelled("Target", target));
  bar.append(shown);
  table.parentElement.before(bar);
  status.value = first;

  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const apply = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const at = Number(target.value);
    let number = 0;
    for (const row of rows) {
      const of = at ? row.cells[at].className || "absent" : ORDER.find((one) => row.classList.contains(one));
      const fits = status.value === "all" || of === status.value || (status.value === "unready" && of !== "ready" && of !== "absent");
      row.hidden = !(fits && wanted.every((word) => words.get(row).includes(word)));
      number += !row.hidden;
    }
    shown.textContent = `${number} of ${rows.length} shown`;
  };
  text.addEventListener("input", () => {
    // A search is for everything; the folded rows come back with its end.
    if (text.value && status.value === first) status.value = "all";
    else if (!text.value && status.value === "all") status.value = first;
    apply();
  });
  for (const control of [status, target]) control.addEventListener("change", apply);
  apply();

  heads.forEach((head, at) => {
    const button = make("button", { type: "button", textContent: head.textContent });
    head.replaceChildren(button);
    const rank = (row) => ORDER.indexOf(row.cells[at].className) + 1 || 9;
    const compare = at > 0 && at < heads.length - 1
      ? (a, b) => rank(a) - rank(b)
      : (a, b) => a.cells[at].textContent.localeCompare(b.cells[at].textContent, "en");
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      table.tBodies[0].append(...[...rows].sort((a, b) => (descending ? -1 : 1) * compare(a, b)));
    });
  });
  // Where cells hold marks alone, the pointer is told the word.
  table.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("td");
    if (cell && !cell.title && !cell.classList.contains("by")) cell.title = `${targets[cell.cellIndex - 1]}: ${cell.textContent}`;
  });
  return () => { text.value = ""; status.value = "all"; target.value = ""; apply(); };
}

function openLinked() {
  let linked = null;
  try { linked = byId(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  if (!linked) return;
  if (linked.tagName === "DETAILS") linked.open = true;
  if (linked.hidden) showAll();
  linked.scrollIntoView();
}
addEventListener("hashchange", openLinked);
openLinked();

function graphControls(picture) {
  const boxes = [...picture.querySelectorAll(".box")];
  const arrows = [...picture.querySelectorAll(".arrow")].map((path) => ({ path, ends: path.dataset.ends.split(" ") }));
  const said = make("output", { textContent: "Point at a box to see its chains; choose it to keep them." });
  const frame = picture.parentElement;
  const full = Number(picture.getAttribute("width")), high = Number(picture.getAttribute("height"));
  let scale = 1, kept = null;
  const zoom = (to) => {
    scale = Math.min(3, Math.max(0.2, to));
    picture.setAttribute("width", full * scale);
    picture.setAttribute("height", high * scale);
  };
  const button = (name, label, act) => {
    const made = make("button", { type: "button", textContent: name });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  const fit = () => zoom(Math.min(1, (frame.clientWidth - 4) / full));
  frame.before(make("div", { className: "controls" },
    button("+", "Zoom in", () => zoom(scale * 1.25)), button("\u2212", "Zoom out", () => zoom(scale / 1.25)),
    button("Fit", "Fit the graph to the page", fit), button("1:1", "Full size", () => zoom(1)), said));
  if (full * 0.8 < frame.clientWidth) fit();

  const follow = (start, from, to, found) => {
    for (const { path, ends } of arrows) {
      if (ends[from] === start && !found.has(path)) {
        found.add(path);
        found.add(ends[to]);
        follow(ends[to], from, to, found);
      }
    }
    return found;
  };
  const light = (box) => {
    picture.classList.toggle("lit", Boolean(box));
    const found = new Set();
    if (box) {
      found.add(box.dataset.box);
      follow(box.dataset.box, 1, 0, found);
      const below = follow(box.dataset.box, 0, 1, new Set());
      for (const one of below) found.add(one);
    }
    for (const one of boxes) one.classList.toggle("on", found.has(one.dataset.box));
    for (const { path } of arrows) path.classList.toggle("on", found.has(path));
  };
  const keep = (box) => {
    kept = kept === box ? null : box;
    for (const one of boxes) one.setAttribute("aria-pressed", String(one === kept));
    light(kept);
    if (!kept) return said.replaceChildren();
    said.replaceChildren(kept.querySelector("title").textContent);
    if (kept.dataset.card) said.append(" ", make("a", { href: `#${kept.dataset.card}`, textContent: "details" }));
  };
  picture.setAttribute("role", "group");
  picture.setAttribute("aria-label", picture.querySelector("title").textContent);
  for (const box of boxes) {
    box.setAttribute("role", "button");
    box.setAttribute("tabindex", "0");
    box.setAttribute("aria-pressed", "false");
    box.setAttribute("aria-label", box.querySelector("title").textContent);
    box.addEventListener("mouseenter", () => light(box));
    box.addEventListener("mouseleave", () => light(kept));
    box.addEventListener("focus", () => light(box));
    box.addEventListener("blur", () => light(kept));
    box.addEventListener("click", () => keep(box));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); keep(box); }
      if (event.key === "Escape" && kept) keep(kept);
    });
  }
  frame.addEventListener("wheel", (event) => {
    if (event.ctrlKey) { event.preventDefault(); zoom(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1)); }
  }, { passive: false });
  frame.addEventListener("pointermove", (event) => {
    if (event.buttons & 1 && event.pointerType === "mouse") frame.scrollBy(-event.movementX, -event.movementY);
  });
}
