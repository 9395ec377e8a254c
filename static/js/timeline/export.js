// What the view shows, as an SVG file to print or to put in an article.

const AXIS = 30; // pixels over the lanes
const FOOT = 26;

/** @param {string} text @returns {string} safe inside XML */
export function escaped(text) {
  return text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]);
}

/**
 * The drawing of a view, from plain figures. Pure.
 * @param {{width: number, height: number, title: string, colors: Record<string, string>,
 *   marks: {x: number, label: string, major: boolean}[],
 *   lanes: {name: string, top: number, height: number}[],
 *   bars: {x: number, y: number, width: number, height: number}[],
 *   extents: {x1: number, x2: number, y: number, status: string, vague: boolean}[],
 *   labels: {x: number, y: number, width: number, text: string, status: string}[]}} scene
 * @returns {string} an SVG document
 */
export function svgOf(scene) {
  const { width, height, colors } = scene;
  const parts = scene.marks.map(({ x, label, major }) =>
    `<path d="M${x} 0V${height}" stroke="${colors.rule}"${major ? "" : ' stroke-opacity=".5"'}/>`
    + `<text x="${x + 4}" y="-9" font-size="11"${major ? ' font-weight="700"' : ""}>${escaped(label)}</text>`);
  for (const bar of scene.bars) {
    parts.push(`<rect x="${bar.x}" y="${bar.y}" width="${bar.width}" height="${bar.height}" fill="${colors.bar}" fill-opacity=".4"/>`);
  }
  for (const lane of scene.lanes) {
    const bottom = lane.top + lane.height;
    parts.push(`<path d="M0 ${bottom}H${width}" stroke="${colors.rule}"/>`
      + `<text x="3" y="${lane.top + 12}" font-size="11" font-weight="700">${escaped(lane.name)}</text>`);
  }
  for (const one of scene.extents) {
    const dash = one.vague ? ' stroke-dasharray="4 3"' : "";
    parts.push(`<path d="M${one.x1} ${one.y}H${one.x2}" stroke="${colors[one.status]}" stroke-width="3"${dash}/>`);
  }
  scene.labels.forEach((label, at) => {
    parts.push(`<clipPath id="c${at}"><rect x="${label.x}" y="${label.y}" width="${label.width}" height="22"/></clipPath>`
      + `<rect x="${label.x}" y="${label.y}" width="${label.width}" height="22" fill="${colors.paper}" stroke="${colors.rule}"/>`
      + `<rect x="${label.x}" y="${label.y}" width="4" height="22" fill="${colors[label.status]}"/>`
      + `<text x="${label.x + 9}" y="${label.y + 15}" font-size="12.5" clip-path="url(#c${at})">${escaped(label.text)}</text>`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${-AXIS} ${width} ${height + AXIS + FOOT}" `
    + `width="${width}" height="${height + AXIS + FOOT}" font-family="Georgia, serif" fill="${colors.happened}">`
    + `<title>${escaped(scene.title)}</title>`
    + `<rect x="0" y="${-AXIS}" width="${width}" height="${height + AXIS + FOOT}" fill="${colors.paper}"/>`
    + `<path d="M0 0H${width}" stroke="${colors.happened}" stroke-width="2"/>${parts.join("")}`
    + `<text x="0" y="${height + 18}" font-size="12" font-style="italic">${escaped(scene.title)}</text></svg>`;
}

/** Hand a text over as a file. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
