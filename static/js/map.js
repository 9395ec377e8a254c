// Turns the still map into one to move and zoom: Leaflet over Natural Earth, both our own files.

const box = document.querySelector("[data-map]");
const items = [...document.querySelectorAll("[data-places] [data-lat]")];
const WIDE = new Set(["country", "region"]);

/** @param {Element} item a line of the list of places */
function pointOf(item) {
  const { lat, lng, count, share, kind } = item.dataset;
  return { at: [Number(lat), Number(lng)], count, share: Number(share), kind, link: item.querySelector("a") };
}

function colorOf(name) {
  const probe = document.createElement("span");
  probe.className = `ink ink--${name}`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

async function start() {
  const base = await (await fetch(box.dataset.base)).json();
  const L = window.L;
  const still = box.querySelector("svg");
  const holder = document.createElement("div");
  holder.className = "map__live";
  holder.setAttribute("role", "region");
  holder.setAttribute("aria-label", document.querySelector("h1").textContent);
  box.append(holder);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, {
    minZoom: 1, maxZoom: 9, worldCopyJump: true, zoomSnap: 0.5, zoomAnimation: !calm, fadeAnimation: !calm,
    inertia: !calm, attributionControl: false, scrollWheelZoom: "center",
  });
  const points = items.map(pointOf);
  if (points.length) map.fitBounds(L.latLngBounds(points.map(({ at }) => at)).pad(0.15), { maxZoom: 4 });
  else map.setView([25, 10], 2);
  L.geoJSON(base, {
    interactive: false,
    style: ({ properties }) => properties.kind === "land"
      ? { stroke: false, fillColor: colorOf("land"), fillOpacity: 1 }
      : { color: colorOf("border"), weight: 0.8 },
  }).addTo(map);
  for (const { at, count, share, kind, link } of points) {
    const wide = WIDE.has(kind);
    const dot = L.circleMarker(at, {
      radius: 5 + 17 * Math.sqrt(share), weight: wide ? 2 : 1, dashArray: wide ? "4 4" : null,
      color: colorOf("today"), fillColor: colorOf("bar"), fillOpacity: wide ? 0.2 : 0.65,
    }).addTo(map);
    const words = document.createElement("p");
    const anchor = link.cloneNode(true);
    words.append(anchor, ` · ${count}`);
    dot.bindPopup(words);
  }
  still.remove();
  box.dataset.ready = "1";
}

if (box) start().catch((error) => console.warn(error)); // the still map and the list stay
