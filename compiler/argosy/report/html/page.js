// What the page adds for those who have a script: a panel instead of a long list, arrow keys, zoom, filters, a theme.
// Everything that it shows stands in the page already; no text becomes markup here.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const panel = document.getElementById("panel");
  const close = document.getElementById("close");
  let cameFrom = null;

  // details ---------------------------------------------------------------------------------------------------------
  const target = (link) => (link ? document.getElementById(link.getAttribute("href").slice(1)) : null);
  const links = all('a[href^="#"]').filter((link) => target(link)?.classList.contains("detail"));

  function open(id, focus) {
    const detail = document.getElementById(id);
    if (!panel || !detail?.classList.contains("detail")) return;
    for (const other of all(".detail.open", panel)) other.classList.remove("open");
    detail.classList.add("open");
    panel.classList.add("open");
    panel.scrollTop = 0;
    for (const link of links) link.classList.toggle("open", link.getAttribute("href") === "#" + id);
    history.replaceState(null, "", "#" + id);
    if (focus) detail.querySelector("h2").focus({ preventScroll: true });
  }

  function shut() {
    if (!panel?.classList.contains("open")) return;
    panel.classList.remove("open");
    for (const link of links) link.classList.remove("open");
    history.replaceState(null, "", location.pathname + location.search);
    if (cameFrom?.isConnected) cameFrom.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!links.includes(link)) return;
    event.preventDefault();
    if (!panel.contains(link)) cameFrom = link;
    open(target(link).id, true);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); });
  if (close) {
    close.hidden = false;
    close.addEventListener("click", shut);
  }
  if (location.hash) open(location.hash.slice(1), false);
  window.addEventListener("hashchange", () => open(location.hash.slice(1), false));

  // one stop of the Tab key for each list, arrow keys within it ------------------------------------------------------
  function rove(members, choose) {
    members.forEach((member, i) => member.setAttribute("tabindex", i ? "-1" : "0"));
    const enter = (member) => {
      for (const other of members) other.setAttribute("tabindex", other === member ? "0" : "-1");
    };
    for (const member of members) {
      member.addEventListener("focus", () => enter(member));
      member.addEventListener("keydown", (event) => {
        const next = event.key === "Home" ? members[0] : event.key === "End" ? members.at(-1) : choose(member, event.key);
        if (event.key === " ") member.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
        if (next || event.key === " ") event.preventDefault();
        if (next) {
          next.focus();
          next.scrollIntoView({ block: "nearest", inline: "nearest" });
        }
      });
    }
  }

  const step = (list) => (member, key) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[key];
    let at = list.indexOf(member);
    do at += way ?? NaN; while (list[at]?.offsetParent === null);
    return list[at];
  };

  // in a graph: down and up along arrows, left and right in a layer
  for (const graph of all("svg.graph")) {
    const nodes = all(".node", graph);
    const at = (node) => [Number(node.dataset.x), Number(node.dataset.y)];
    const byId = new Map(nodes.map((node) => [node.getAttribute("href").slice(1), node]));
    const after = (node) => (node.dataset.next ?? "").split(" ").map((id) => byId.get(id)).filter(Boolean);
    const nearest = (node, some, axis) =>
      some.sort((a, b) => Math.abs(at(a)[axis] - at(node)[axis]) - Math.abs(at(b)[axis] - at(node)[axis]))[0];
    const ways = {
      ArrowDown: (node) => nearest(node, after(node), 0),
      ArrowUp: (node) => nearest(node, nodes.filter((other) => after(other).includes(node)), 0),
      ArrowLeft: (node) => nearest(node, nodes.filter((o) => at(o)[1] === at(node)[1] && at(o)[0] < at(node)[0]), 0),
      ArrowRight: (node) => nearest(node, nodes.filter((o) => at(o)[1] === at(node)[1] && at(o)[0] > at(node)[0]), 0),
    };
    rove(nodes, (node, key) => ways[key]?.(node));
  }
  for (const list of all(".chart, .matrix")) {
    const rows = all("a.row, li > a", list);
    rove(rows, step(rows));
  }

  // the faults: rows with the same consequences unfold, and can be searched -------------------------------------------
  const bodies = all(".matrix tbody");
  function unfold(body, yes) {
    body.classList.toggle("unfolded", yes);
    body.querySelector(".fold")?.setAttribute("aria-expanded", String(yes));
  }
  for (const body of bodies) {
    unfold(body, false);
    body.querySelector(".fold")?.addEventListener("click", () => unfold(body, !body.classList.contains("unfolded")));
    body.addEventListener("keydown", (event) => {
      if (!["ArrowRight", "ArrowLeft"].includes(event.key) || !body.querySelector(".fold")) return;
      event.preventDefault();
      unfold(body, event.key === "ArrowRight");
      if (event.key === "ArrowLeft") body.querySelector("a.row").focus();
    });
  }
  const toggle = document.getElementById("unfold");
  const filter = document.getElementById("filter");
  if (toggle && filter) {
    toggle.hidden = filter.hidden = false;
    toggle.addEventListener("click", () => {
      const yes = toggle.getAttribute("aria-pressed") !== "true";
      toggle.setAttribute("aria-pressed", String(yes));
      for (const body of bodies) unfold(body, yes);
    });
    filter.addEventListener("input", () => {
      const words = filter.value.toLowerCase().split(/\s+/);
      const fits = (row) => words.every((word) => row.querySelector("th").textContent.toLowerCase().includes(word));
      for (const body of bodies) {
        const singles = all("tr.single", body);
        for (const row of singles) row.hidden = !fits(row);
        body.hidden = singles.length ? singles.every((row) => row.hidden) : !all("tr", body).some(fits);
      }
    });
  }

  // zoom and drag ---------------------------------------------------------------------------------------------------
  for (const card of all(".card")) {
    const picture = card.querySelector(".picture");
    const svg = picture?.querySelector("svg.graph");
    if (!svg) continue;
    const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
    let scale = 1;
    const zoom = (value) => {
      scale = Math.min(3, Math.max(0.05, value));
      svg.setAttribute("width", width * scale);
      svg.setAttribute("height", height * scale);
    };
    const fit = (least) => zoom(Math.max(least, Math.min(1, (picture.clientWidth - 4) / width)));
    const does = { in: () => zoom(scale * 1.25), out: () => zoom(scale / 1.25), fit: () => fit(0) };
    all("[data-zoom]", card).forEach((button) => button.addEventListener("click", does[button.dataset.zoom]));
    all(".tools", card).forEach((tools) => (tools.hidden = false));
    fit(0.6);
    const first = svg.querySelector(".node");
    picture.scrollLeft = Number(first?.dataset.x ?? 0) * scale - picture.clientWidth / 2;
    let held = null;
    picture.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && event.pointerType === "mouse" && !event.target.closest(".node")) {
        held = [event.clientX + picture.scrollLeft, event.clientY + picture.scrollTop];
        picture.classList.add("dragging");
        picture.setPointerCapture(event.pointerId);
      }
    });
    picture.addEventListener("pointermove", (event) => {
      if (held) picture.scrollTo(held[0] - event.clientX, held[1] - event.clientY);
    });
    for (const over of ["pointerup", "pointercancel"]) {
      picture.addEventListener(over, () => {
        held = null;
        picture.classList.remove("dragging");
      });
    }
  }

  // light, dark, or as the system has it ----------------------------------------------------------------------------
  const themes = ["system", "light", "dark"];
  const button = document.getElementById("theme");
  const stored = () => { try { return localStorage.getItem("argosy-theme"); } catch { return null; } };
  function show(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    button.textContent = "Theme: " + theme;
    try { localStorage.setItem("argosy-theme", theme); } catch { /* a page from a file may have no storage */ }
  }
  button.hidden = false;
  show(themes.includes(stored()) ? stored() : "system");
  button.addEventListener("click", () => show(themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % 3]));
})();
