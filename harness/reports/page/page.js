"use strict";
// Draws a run when it is opened, and not before: a page of 500 runs must be there at once.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const looks = { plain: "dim", good: "passed", bad: "failed", fault: "fault", effect: "effect" };
// Plotly reads tags in its texts; what comes from a payload is text.
const inert = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const wrapped = (text) => inert(text).replace(/(.{1,90})(\s|$)|(.{90})/g, "$1$3<br>");

async function unpacked(run) {
  const packed = Uint8Array.from(atob(run.querySelector("script.data").textContent), (one) => one.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

function traces(data) {
  const spans = {}, points = {};
  for (const one of data.moments) {
    const kind = one.until === undefined ? points : spans;
    (kind[one.look] ??= []).push(one);
  }
  const hover = (one) => `${one.since} ms ${inert(one.what)}<br>${wrapped(one.detail)}`;
  const bars = Object.entries(spans).map(([look, all]) => ({
    type: "bar", orientation: "h", name: look, base: all.map((one) => one.since), y: all.map((one) => one.lane),
    x: all.map((one) => Math.max(one.until - one.since, 0.5)), width: 0.55, marker: { color: colour(looks[look]), opacity: 0.55 },
    text: all.map((one) => inert(one.what)), textposition: "inside", insidetextanchor: "start", textangle: 0, textfont: { color: colour("ink") },
    hovertext: all.map(hover), hoverinfo: "text", showlegend: false,
  }));
  const marks = Object.entries(points).map(([look, all]) => ({
    type: "scatter", mode: "markers", name: look, x: all.map((one) => one.since), y: all.map((one) => one.lane),
    marker: { color: colour(looks[look]), size: look === "plain" ? 7 : 10, symbol: { bad: "x", fault: "star", effect: "diamond" }[look] ?? "circle" },
    hovertext: all.map(hover), hoverinfo: "text", showlegend: false,
  }));
  return [...bars, ...marks];
}

function draw(plot, data) {
  const narrow = innerWidth < 600;
  const near = data.moments.filter((one) => (one.refs ?? []).some((ref) => data.refs.includes(ref)));
  const layout = {
    barmode: "overlay", height: 90 + 34 * data.lanes.length, margin: { l: narrow ? 84 : 130, r: 12, t: 12, b: 40 },
    paper_bgcolor: colour("ground"), plot_bgcolor: colour("ground"), font: { color: colour("ink"), size: narrow ? 10 : 12 },
    xaxis: { title: { text: "ms since the start" }, gridcolor: colour("line"), zeroline: false },
    yaxis: { categoryorder: "array", categoryarray: [...data.lanes].reverse(), gridcolor: colour("line"), fixedrange: true },
    hoverlabel: { align: "left", bgcolor: colour("soft"), font: { color: colour("ink"), size: 12 } }, dragmode: "zoom",
    shapes: near.map((one) => ({ type: "line", x0: one.since, x1: one.since, y0: 0, y1: 1, yref: "paper", line: { color: colour("failed"), dash: "dot", width: 1 } })),
  };
  Plotly.newPlot(plot, traces(data), layout, { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"] });
}

function table(run, data) {
  const body = document.createElement("table");
  const row = (cells, kind) => {
    const line = body.insertRow();
    for (const text of cells) {
      const cell = document.createElement(kind);
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  };
  row(["ms", "lane", "what"], "th");
  for (const one of data.moments) {
    const line = row([one.since, one.lane, one.detail], "td");
    line.dataset.refs = (one.refs ?? []).join("\n");
    line.classList.toggle("near", (one.refs ?? []).some((ref) => data.refs.includes(ref)));
  }
  run.querySelector(".events .scroll").replaceChildren(body);
}

// Four megabytes that are parsed when the first run is opened.
function library() {
  if (!globalThis.Plotly) {
    const script = document.createElement("script");
    script.textContent = document.getElementById("plotly").textContent;
    document.body.append(script);
  }
}

async function show(plot) {
  const run = document.getElementById(plot.dataset.run);
  library();
  const data = (run.data ??= await unpacked(run));
  draw(plot, data);
  plot.dataset.drawn = "yes";
  return data;
}

async function open(run) {
  // Without plotly there is a sentence in its place.
  const plot = run.querySelector(".plot");
  table(run, await (plot ? show(plot) : unpacked(run)));
  run.dataset.drawn = "yes";
}

// The timelines of causes are there without a click, but only when somebody gets to see them.
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    show(entry.target);
  }
});
for (const plot of document.querySelectorAll(".cause .plot")) seen.observe(plot);

for (const run of document.querySelectorAll(".run")) {
  run.addEventListener("toggle", () => run.open && !run.dataset.drawn && open(run));
  for (const button of run.querySelectorAll("[data-ref]")) {
    button.addEventListener("click", () => {
      const events = run.querySelector(".events");
      events.open = true;
      const line = [...events.querySelectorAll("tr")].find((one) => (one.dataset.refs ?? "").split("\n").includes(button.dataset.ref));
      line?.scrollIntoView({ block: "center" });
    });
  }
}

const filter = document.getElementById("filter");
function select() {
  const wanted = filter.value.toLowerCase();
  let count = 0;
  for (const run of document.querySelectorAll(".run")) {
    const text = `${run.id} ${run.dataset.verdict} ${run.querySelector("summary").textContent}`.toLowerCase();
    run.hidden = !text.includes(wanted);
    count += !run.hidden;
  }
  document.getElementById("shown").textContent = `${count} run${count === 1 ? "" : "s"}`;
}
filter.addEventListener("input", select);
for (const button of document.querySelectorAll("[data-pattern]")) {
  button.addEventListener("click", () => {
    filter.value = `${button.dataset.pattern}/`;
    select();
    document.getElementById("runs").scrollIntoView();
  });
}
function reveal() {
  const run = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (run?.matches(".run")) {
    filter.value = "";
    select();
    run.open = true;
    run.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.querySelectorAll(".run[open]").forEach(open);
  document.querySelectorAll(".cause .plot[data-drawn]").forEach(show);
});
select();
reveal();
