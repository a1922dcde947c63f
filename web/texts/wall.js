/** Words of the wall: picture, regions, stage. */

/** @typedef {import("../types.js").Shape} Shape */

export const en = {
  wall: "Wall",
  waiting: "Waiting for the picture",
  chipBlackout: "Blackout",
  chipFreeze: "Frozen",
  chipFeed: (/** @type {string} */ state) => `Feed ${state}`,

  regions: "Regions",
  region: (/** @type {string} */ id, /** @type {string} */ shape, /** @type {string} */ place) => `Region ${id}, ${shape}, ${place}`,
  shapes: /** @type {Record<Shape, string>} */ ({ rect: "rectangle", ellipse: "ellipse", line: "line", polygon: "polygon" }),
  place: (/** @type {number[]} */ [x, y, width, height]) => `${x} % across, ${y} % down, ${width} by ${height} %`,
  regionHint: "Tap a region to move or shape it",
  regionKeys: "Arrow keys move the region, with Shift they size a box. Tab leads on to the points of a line or polygon.",
  point: (/** @type {number} */ number, /** @type {number} */ count) => `Point ${number} of ${count}`,
  pointOf: (/** @type {string} */ id, /** @type {number} */ number) => `${id}, point ${number}`,
  pointKeys: "Arrow keys move the point, Delete takes it away.",
  addRegion: "Add region",
  addShape: /** @type {Record<Shape, string>} */ ({ rect: "Rectangle", ellipse: "Ellipse", line: "Line", polygon: "Polygon" }),
  points: "Points",
  addPoint: "Add point",
  deletePoint: "Delete point",
  deleteRegion: "Delete",
  deselect: "Done",
  regionDeleted: (/** @type {string} */ id) => `Region ${id} deleted`,
  fields: /** @type {Record<import("../wall/shapes.js").Field, string>} */ ({
    x: "X %",
    y: "Y %",
    width: "Width %",
    height: "Height %",
    turn: "Turn °",
    feather: "Feather %",
  }),
  linkHint: (/** @type {string} */ name) => `Tap the place on the wall for ${name}`,
  linkKeys: "or choose a region by keyboard: Tab, then Enter",
  linked: (/** @type {string} */ name, /** @type {string} */ region) => `${name} follows ${region}`,

  lamps: "Lamps",
  lampChip: (/** @type {string} */ name, /** @type {string} */ state) => `${name}: ${state}`,
  openLamp: "Open",

  stage: "Stage",
  stageFrom: (/** @type {string} */ what, /** @type {string} */ age) => `received from the wire: ${what} · ${age}`,
  stageUniverse: (/** @type {string} */ protocol, /** @type {number[]} */ numbers) =>
    protocol === "artnet"
      ? `Art-Net port-address${numbers.length > 1 ? "es" : ""} ${numbers.join(", ")}`
      : `sACN universe${numbers.length > 1 ? "s" : ""} ${numbers.join(", ")}`,
  stageAge: (/** @type {number} */ ms) => (ms < 1000 ? `${Math.round(ms)} ms ago` : `${(ms / 1000).toFixed(1)} s ago`),
  stageSilent: "no packets",
  stageLamps: (/** @type {string[]} */ lamps) => `Light of the fixtures as received: ${lamps.join(", ")}`,
};

/** @type {typeof en} */
export const de = {
  wall: "Wand",
  waiting: "Warte auf das Bild",
  chipBlackout: "Blackout",
  chipFreeze: "Freeze",
  chipFeed: (state) => `Bildquelle ${state}`,

  regions: "Bereiche",
  region: (id, shape, place) => `Bereich ${id}, ${shape}, ${place}`,
  shapes: { rect: "Rechteck", ellipse: "Ellipse", line: "Linie", polygon: "Vieleck" },
  place: ([x, y, width, height]) => `${x} % von links, ${y} % von oben, ${width} mal ${height} %`,
  regionHint: "Bereich antippen, dann bewegen oder formen",
  regionKeys: "Pfeiltasten bewegen den Bereich, mit Umschalt die Größe. Tab führt zu den Punkten von Linie und Vieleck.",
  point: (number, count) => `Punkt ${number} von ${count}`,
  pointOf: (id, number) => `${id}, Punkt ${number}`,
  pointKeys: "Pfeiltasten bewegen den Punkt, Entf nimmt ihn weg.",
  addRegion: "Neuer Bereich",
  addShape: { rect: "Rechteck", ellipse: "Ellipse", line: "Linie", polygon: "Vieleck" },
  points: "Punkte",
  addPoint: "Punkt dazu",
  deletePoint: "Punkt löschen",
  deleteRegion: "Löschen",
  deselect: "Fertig",
  regionDeleted: (id) => `Bereich ${id} gelöscht`,
  fields: { x: "X %", y: "Y %", width: "Breite %", height: "Höhe %", turn: "Drehung °", feather: "Weich %" },
  linkHint: (name) => `Stelle auf der Wand für ${name} antippen`,
  linkKeys: "oder einen Bereich per Tastatur wählen: Tab, dann Enter",
  linked: (name, region) => `${name} folgt ${region}`,

  lamps: "Lampen",
  lampChip: (name, state) => `${name}: ${state}`,
  openLamp: "Öffnen",

  stage: "Bühne",
  stageFrom: (what, age) => `vom Netz empfangen: ${what} · ${age}`,
  stageUniverse: (protocol, numbers) =>
    protocol === "artnet"
      ? `Art-Net Port-Adresse${numbers.length > 1 ? "n" : ""} ${numbers.join(", ")}`
      : `sACN Universum ${numbers.join(", ")}`,
  stageAge: (ms) => (ms < 1000 ? `vor ${Math.round(ms)} ms` : `vor ${(ms / 1000).toFixed(1).replace(".", ",")} s`),
  stageSilent: "keine Pakete",
  stageLamps: (lamps) => `Licht der Lampen wie empfangen: ${lamps.join(", ")}`,
};
