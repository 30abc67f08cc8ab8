// Draws each chart of a page from the address in data-figure. Until then, and where a chart cannot be drawn, its table stands open.
const figures = "figure[data-figure]";
const bundle = new URL("./vendor/plotly/plotly-cartesian.min.js", import.meta.url);
const rules = new URL("./vendor/plotly/plotly-style-global.css", import.meta.url);
const settings = { responsive: true, displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };

export async function drawCharts(root = document) {
  const waiting = [...root.querySelectorAll(figures)];
  if (!waiting.length) return;
  const ready = Promise.all([linkPlotlyRules(), loadPlotly()]);
  for (const chart of waiting) await ready.then(() => draw(chart)).catch(() => openTable(chart));
}

// The content security policy forbids the style element that Plotly would make; this link under the same id stands in for it.
function linkPlotlyRules() {
  if (document.getElementById("plotly.js-style-global")) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: rules, className: "no-inline-styles" });
  link.id = "plotly.js-style-global";
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = reject;
    document.head.append(link);
  });
}

function loadPlotly() {
  if (window.Plotly) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = bundle;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function draw(chart) {
  const answer = await fetch(chart.dataset.figure, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The figure could not be read (${answer.status}).`);
  const figure = await answer.json();
  if (hasNoRoom(figure, chart)) return openTable(chart);
  const place = chart.querySelector(".app-chart__drawing");
  chart.classList.add("app-chart--drawn"); // shown first: Plotly measures its place
  await window.Plotly.newPlot(place, { ...forThisPage(figure, place), config: settings });
  chart.querySelector(".app-chart__table")?.removeAttribute("open");
  linkPoints(place);
  offerPicture(chart, place);
}

// A grid of many columns cannot be read on a telephone: its table, which scrolls, stands open instead.
function hasNoRoom({ data }, chart) {
  return data.some((trace) => trace.type === "heatmap" && chart.clientWidth < 220 + 60 * trace.x.length);
}

// A telephone has no room beside the chart: the key goes under it, a scale of colours is left to the words in the cells.
function forThisPage({ data, layout }, place) {
  const font = { family: "Arial, Helvetica, sans-serif", size: 14, color: "#0b0c0c", ...layout.font };
  const fitting = { ...layout, font, autosize: true, dragmode: false };
  if (place.clientWidth >= 640) return { data, layout: fitting };
  const narrow = {
    ...fitting,
    font: { ...font, size: 12 },
    hovermode: false,
    legend: { ...layout.legend, orientation: "h", x: 0, xanchor: "left", y: -80 / layout.height, yanchor: "top" },
    margin: { ...layout.margin, l: 5, r: 5 },
    yaxis: { ...layout.yaxis, automargin: true },
  };
  if (data.every((trace) => trace.orientation === "h")) return { data, layout: withNamesAboveBars(narrow, data) };
  return { data: data.map((trace) => (trace.type === "heatmap" ? { ...trace, showscale: false } : trace)), layout: narrow };
}

// The bars get the whole width: each name stands in the gap above its bar.
function withNamesAboveBars(layout, data) {
  const places = layout.yaxis.tickvals ?? [...new Set(data.flatMap((trace) => trace.y))];
  const names = layout.yaxis.ticktext ?? places;
  const atStart = { x: 0, xref: "paper", xanchor: "left", yref: "y", yanchor: "bottom", align: "left", showarrow: false };
  return {
    ...layout,
    bargap: 0.55,
    yaxis: { ...layout.yaxis, automargin: false, showticklabels: false },
    xaxis: { ...layout.xaxis, tickangle: 0 },
    ...(layout.xaxis2 && { xaxis2: { ...layout.xaxis2, tickangle: 0 } }),
    annotations: places.map((y, number) => ({ ...atStart, y, yshift: 13, text: onOneLine(names[number]) })),
  };
}

function onOneLine(name) {
  const lines = name.split("<br>");
  if (lines.length === 1) return name;
  const [title, n] = [lines.slice(0, -1).join(" "), lines.at(-1)];
  if (`${title}: ${n}`.length <= 55) return `${title}: ${n}`;
  return title.length > 55 ? name : `${title}<br>${n}`;
}

// A point whose customdata is an address leads there; the same links stand in the table for the keyboard.
function linkPoints(place) {
  place.on("plotly_click", ({ points: [point] }) => {
    const address = [point.customdata].flat().find((value) => typeof value === "string" && value.startsWith("/"));
    if (address) window.location.assign(address);
  });
}

function offerPicture(chart, place) {
  const button = chart.querySelector(".app-chart__picture");
  const { width, height } = place.getBoundingClientRect();
  button?.removeAttribute("hidden");
  button?.addEventListener("click", () => {
    window.Plotly.downloadImage(place, { format: "png", filename: chart.id, width, height, scale: 2 });
  });
}

function openTable(chart) {
  chart.classList.remove("app-chart--drawn");
  chart.querySelector(".app-chart__table")?.setAttribute("open", "");
}
