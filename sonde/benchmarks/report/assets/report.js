"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("plots").textContent);
  const root = document.documentElement;
  const narrow = () => window.innerWidth < 720;

  // A string that begins with "--" is one of the page's colours.
  const coloured = (value, style) => {
    if (typeof value === "string") {
      return value.startsWith("--") ? style.getPropertyValue(value).trim() : value;
    }
    if (Array.isArray(value)) return value.map((each) => coloured(each, style));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v, style)]));
  };

  const choice = (figure, name, otherwise) => {
    const input = figure.querySelector(`[data-choice="${name}"] input:checked`);
    return input ? input.value : otherwise;
  };

  // Bars from the lower to the upper quartile of the cost, around the mean.
  const spread = (trace, x, hasSpread, floor) => {
    const pairs = trace.sonde.spread;
    if (!pairs) return undefined;
    return {
      ...trace.error_x, type: "data", symmetric: false, visible: hasSpread, opacity: 0.5,
      array: pairs.map(([, high], at) => Math.max(0, high - x[at])),
      arrayminus: pairs.map(([low], at) => Math.max(0, x[at] - Math.max(low, floor))),
    };
  };

  const traceOf = (trace, state) => {
    if (!trace.sonde) return trace;
    const { sonde, ...rest } = trace;
    const x = sonde.x[state.scale];
    const made = { ...rest, x };
    if (sonde.frontier) made.visible = sonde.frontier === state.frontier;
    if (sonde.spread) {
      made.error_x = spread(trace, x, state.spread === "on", state.floor);
      if (narrow()) made.mode = "markers";
    }
    return made;
  };

  const axisOf = (axis, state) => {
    const base = {
      exponentformat: "none", gridcolor: "--grid", linecolor: "--rule", zeroline: false, automargin: true,
      tickfont: { color: "--soft" }, ...axis, title: { ...(axis.title || {}), standoff: 10, font: { size: 13, color: "--soft" } },
    };
    if (!axis.sonde) return base;
    const { sonde, ...rest } = base;
    const own = { ...sonde[state.scale] };
    if (own.tickvals && narrow() && own.tickvals.length > 5) {  // whole decades are enough
      const kept = own.tickvals.map((v, at) => at).filter((at) => own.ticktext[at] === "0" || /^\$?[0.,]*1[0,]*[kM]?$/.test(own.ticktext[at]));
      if (kept.length > 1) {
        own.tickvals = kept.map((at) => own.tickvals[at]);
        own.ticktext = kept.map((at) => own.ticktext[at]);
      }
    }
    return { ...rest, type: state.scale, ...own, tickangle: 0, nticks: narrow() ? 5 : 0,
             tickprefix: state.scale === "log" ? "" : rest.tickprefix };
  };

  const draw = (figure) => {
    const place = figure.querySelector(".plot");
    const spec = specs[figure.dataset.plot];
    const state = {
      scale: choice(figure, "scale", "log"),
      frontier: choice(figure, "frontier", "staircase"),
      spread: choice(figure, "spread", "off"),
    };
    const limits = spec.layout.xaxis.sonde;
    state.floor = limits && state.scale === "log" ? 10 ** limits.log.range[0] : 0;
    const axes = Object.fromEntries(
      Object.entries(spec.layout).filter(([k]) => /^[xy]axis/.test(k)).map(([k, v]) => [k, axisOf(v, state)]));
    const hasLegend = !figure.dataset.plot.startsWith("scatter");
    const layout = {
      ...spec.layout, ...axes, showlegend: hasLegend, autosize: true,
      paper_bgcolor: "--nothing", plot_bgcolor: "--nothing",
      font: { family: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", size: 13, color: "--text" },
      margin: narrow() ? { l: 46, r: 10, t: 12, b: 44 } : { l: 62, r: 24, t: 16, b: 52 },
      legend: { orientation: "h", y: -64 / Math.max(60, place.clientHeight - 76), yanchor: "top", x: 0, font: { size: 12.5, color: "--text" } },
      hoverlabel: { bgcolor: "--surface", bordercolor: "--rule", align: "left", font: { color: "--text", size: 13 } },
      hovermode: "closest", dragmode: narrow() ? false : "zoom",
    };
    const style = getComputedStyle(root);
    const traces = spec.traces.map((trace) => traceOf(trace, state));
    return Plotly.react(place, coloured(traces, style), coloured(layout, style), {
      responsive: true, displaylogo: false, displayModeBar: narrow() ? false : "hover", doubleClick: "reset",
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "pan2d", "zoom2d"],
    });
  };

  const figures = [...document.querySelectorAll("figure[data-plot]")];
  const drawAll = () => Promise.all(figures.map(draw));

  const caption = (figure) => {
    const kind = choice(figure, "frontier", "staircase");
    figure.querySelectorAll("[data-says]").forEach((part) => { part.hidden = part.dataset.says !== kind; });
  };
  figures.forEach((figure) => figure.addEventListener("change", () => { caption(figure); draw(figure); }));

  document.getElementById("scheme").addEventListener("change", (event) => {
    if (event.target.value === "auto") delete root.dataset.scheme;
    else root.dataset.scheme = event.target.value;
    drawAll();
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  let wasNarrow = narrow();
  window.addEventListener("resize", () => {
    if (narrow() !== wasNarrow) { wasNarrow = narrow(); drawAll(); }
  });

  // Tables sort by the figures behind their cells; what is unknown stays at the end.
  const key = (row, at) => {
    const cell = row.cells[at];
    const raw = cell.dataset.value;
    if (raw === undefined) return cell.textContent.trim().toLowerCase();
    return raw === "" ? null : raw === "inf" ? Infinity : Number(raw);
  };
  const compare = (a, b) => {
    if (typeof a === "string") return a.localeCompare(b, undefined, { numeric: true });
    return a === b ? 0 : a < b ? -1 : 1;
  };
  document.querySelectorAll("table.sortable thead th").forEach((head) => {
    head.querySelector("button").addEventListener("click", () => {
      const table = head.closest("table");
      const first = head.cellIndex === 0 ? "ascending" : "descending";
      const other = first === "ascending" ? "descending" : "ascending";
      const order = head.getAttribute("aria-sort") === first ? other : first;
      table.querySelectorAll("thead th").forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => {
        const [x, y] = [key(a, head.cellIndex), key(b, head.cellIndex)];
        if (x === null || y === null) return (x === null) - (y === null);
        return sign * compare(x, y);
      });
      table.tBodies[0].append(...rows);
    });
  });

  drawAll().then(() => { root.dataset.ready = "true"; });
})();
