/** Words of the looks: tiles, storing, the cue list. */

const seconds = (/** @type {number} */ value) => `${Math.round(value * 10) / 10}\u00a0s`;

/** @param {number} value @param {string} cut @param {string} minutes */
function long(value, cut, minutes) {
  if (value <= 0) return cut;
  if (value < 120) return seconds(value);
  const rest = Math.round(value % 60);
  return rest ? `${Math.floor(value / 60)}\u00a0${minutes} ${rest}\u00a0s` : `${Math.floor(value / 60)}\u00a0${minutes}`;
}

/** @param {(string | false | null)[]} parts */
const listed = (...parts) => parts.filter(Boolean).join(" · ");

export const en = {
  looks: "Looks",
  look: "Look",
  storeLook: "Store look",
  on: "On",
  go: "Go",
  none: "No looks yet",
  noneWhy: "A look is light to come back to: what lamps do, their colour, level and trims, under a name.",
  lesson: [
    "Set the light on Wall and Lights until you like it.",
    "Store it here, with a name and a fade time.",
    "Later, one tap on its tile brings it back.",
  ],
  storeFirst: "Store the first look",
  contents: (/** @type {number} */ lamps, /** @type {number} */ regions, /** @type {number} */ fade) =>
    listed(
      lamps === 1 ? "1 lamp" : `${lamps} lamps`,
      regions > 0 && (regions === 1 ? "1 region" : `${regions} regions`),
      long(fade, "cut", "min"),
    ),
  more: (/** @type {string} */ name) => `More about ${name}`,
  seconds: (/** @type {number} */ value) => long(value, "cut", "min"),
  percent: (/** @type {number} */ value) => `${value} %`,
  went: (/** @type {string} */ name, /** @type {number} */ fade) => (fade ? `${name}, in ${long(fade, "", "min")}` : name),
  released: (/** @type {string} */ name) => `${name}: its lamps follow the wall again`,
  updated: (/** @type {string} */ name) => `${name} is now the light as it stands`,
  renamed: (/** @type {string} */ name) => `Now called ${name}`,
  deleted: (/** @type {string} */ name) => `${name} deleted`,
  stored: (/** @type {string} */ name) => `${name} stored`,
  forgotten: (/** @type {string} */ name) => `${name} left the look`,

  fade: "Fade time",
  fadeLess: "Shorter fade",
  fadeMore: "Longer fade",
  goIn: (/** @type {number} */ fade) => `Go in ${long(fade, "", "min")}`,
  cut: "At once",
  release: "Release to the wall",
  name: "Name",
  namePlaceholder: "Dusk, before the rain…",
  nameMissing: "A look needs a name",
  nameTaken: "There is a look of that name; open it to update it",
  gone: "There is no such look any more.",
  what: "What it holds",
  follows: (/** @type {string} */ region) => `follows ${region}`,
  regionNamed: (/** @type {string} */ id) => `Region ${id}`,
  forget: (/** @type {string} */ name) => `Take ${name} out of the look`,
  controls: /** @type {Record<string, string>} */ ({
    follow: "follows the wall",
    manual: "by hand",
    off: "off",
    console: "from the console",
  }),
  settings: /** @type {Record<string, string>} */ ({
    control: "control",
    follow: "region",
    level: "level",
    colour: "colour",
    trims: "trims",
    shape: "shape",
    center: "place",
    size: "size",
    rotation: "turn",
    points: "points",
    width: "width",
    feather: "feather",
    statistic: "measure",
    exclude: "cut-outs",
    smoothing: "smoothing",
  }),
  wallWhite: "wall white",
  colour: (/** @type {import("../looks/look.js").Colour} */ { cct, tint, xy, hue, saturation }) =>
    cct
      ? listed(`${Math.round(cct)} K`, tint ? `${tint > 0 ? "+" : "−"}${Math.abs(tint)} tint` : false)
      : xy
        ? `xy ${xy.join(", ")}`
        : `hue ${Math.round(hue ?? 0)}°, ${Math.round((saturation ?? 0) * 100)} %`,
  updateTitle: "Update",
  updateWhy: "Stores the light as it stands now into this look: the same lamps, the same settings.",
  update: "Update from the light now",
  storeOthers: "Store more into it…",
  deleteTitle: "Delete",
  deleteWhy: "No cue calls it. Undo brings it back.",
  calledBy: (/** @type {string[]} */ cues) =>
    `${cues.length > 1 ? "Cues" : "Cue"} ${cues.join(", ")} ${cues.length > 1 ? "call" : "calls"} it: take it out there first.`,

  storeTitle: "Store look",
  storeInto: (/** @type {string} */ name) => `Store more into ${name}`,
  storeWhy: "Keeps the light as it stands now, of what is ticked; everything else stays untouched when the look goes.",
  storeMoreWhy: "What you tick is stored as it stands now; the rest of the look stays as it is.",
  lamps: "Lamps",
  regions: "Shapes of regions",
  parts: "Settings",
  partNames: { control: "Control and region", level: "Level", colour: "Colour", trims: "Trims", shape: "Shapes" },
  all: "All",
  nothing: "None",
  store: "Store",
  storeOf: (/** @type {number} */ lamps, /** @type {number} */ regions) =>
    `Store ${[lamps && (lamps === 1 ? "1 lamp" : `${lamps} lamps`), regions && (regions === 1 ? "1 region" : `${regions} regions`)].filter(Boolean).join(" and ")}`,
  storeNothing: "Nothing is ticked",

  cue: "Cue",
  cueList: "Cue list",
  takes: "Takes",
  cueNumber: "Number",
  cueName: "Name",
  cueNameHint: "Empty: the look's name",
  cueFade: "Fade, seconds",
  cueFadeHint: "Empty: the look's own",
  cueWait: "Then wait, seconds",
  cueWaitHint: "The next cue goes by itself; empty: by hand",
  scene: "Scene",
  shot: "Shot",
  take: "Take",
  addCue: "Add cue",
  noCues: "No cues yet",
  noCuesWhy: "A cue is a look at a moment: with its own fade, for a scene and a shot. Store looks first, then put them in order here.",
  cueKeys: "Arrow keys walk through the list, with Alt they move a cue.",
  cueTitle: (/** @type {number} */ number, /** @type {string} */ name) => `${number} ${name}`,
  cueNow: (/** @type {string} */ title) => `Now: ${title}`,
  cueBefore: "Before the first cue",
  cueEnd: "End of the list",
  cueIsOn: "Now",
  cueIsNext: "Next",
  cueTimes: (/** @type {string} */ look, /** @type {number | null} */ fade, /** @type {number | null} */ wait) =>
    listed(
      look,
      fade !== null && (fade ? `fade ${long(fade, "", "min")}` : "cut"),
      wait !== null && `then the next after ${long(wait, "0 s", "min")}`,
    ),
  cueNotes: (/** @type {string} */ scene, /** @type {string} */ shot, /** @type {number | null} */ take) =>
    listed(scene && `Scene ${scene}`, shot && `Shot ${shot}`, take !== null && `Take ${take}`),
  number: (/** @type {number} */ value) => String(value),
  back: "Back",
  goNext: "Go",
  goTo: (/** @type {number} */ number) => `Go to ${number}`,
  earlier: (/** @type {number} */ number) => `Cue ${number} one place earlier`,
  later: (/** @type {number} */ number) => `Cue ${number} one place later`,
  numberTaken: "There is a cue of that number",
  cueSaved: (/** @type {number} */ number) => `Cue ${number} saved`,
  cueDeleted: (/** @type {number} */ number) => `Cue ${number} deleted`,
};

/** @param {number} value */
const german = (value) => String(value).replace(".", ",");

/** @type {typeof en} */
export const de = {
  looks: "Looks",
  look: "Look",
  storeLook: "Look speichern",
  on: "An",
  go: "Go",
  none: "Noch keine Looks",
  noneWhy: "Ein Look ist Licht, zu dem man zurückkehrt: was die Lampen tun, ihre Farbe, Helligkeit und Trims, unter einem Namen.",
  lesson: [
    "Das Licht unter Wand und Licht einstellen, bis es gefällt.",
    "Hier speichern, mit Namen und Blendzeit.",
    "Später holt ein Tipp auf die Kachel es zurück.",
  ],
  storeFirst: "Den ersten Look speichern",
  contents: (lamps, regions, fade) =>
    listed(
      lamps === 1 ? "1 Lampe" : `${lamps} Lampen`,
      regions > 0 && (regions === 1 ? "1 Region" : `${regions} Regionen`),
      comma(long(fade, "Schnitt", "min")),
    ),
  more: (name) => `Mehr zu ${name}`,
  seconds: (value) => comma(long(value, "Schnitt", "min")),
  percent: (value) => `${value} %`,
  went: (name, fade) => (fade ? `${name}, in ${comma(long(fade, "", "min"))}` : name),
  released: (name) => `${name}: die Lampen folgen wieder der Wand`,
  updated: (name) => `${name} ist jetzt das Licht, wie es steht`,
  renamed: (name) => `Heißt jetzt ${name}`,
  deleted: (name) => `${name} gelöscht`,
  stored: (name) => `${name} gespeichert`,
  forgotten: (name) => `${name} ist nicht mehr im Look`,

  fade: "Blendzeit",
  fadeLess: "Kürzer blenden",
  fadeMore: "Länger blenden",
  goIn: (fade) => `Go in ${comma(long(fade, "", "min"))}`,
  cut: "Sofort",
  release: "Der Wand zurückgeben",
  name: "Name",
  namePlaceholder: "Dämmerung, vor dem Regen…",
  nameMissing: "Ein Look braucht einen Namen",
  nameTaken: "Ein Look heißt schon so; dort lässt er sich aktualisieren",
  gone: "Diesen Look gibt es nicht mehr.",
  what: "Was er enthält",
  follows: (region) => `folgt ${region}`,
  regionNamed: (id) => `Region ${id}`,
  forget: (name) => `${name} aus dem Look nehmen`,
  controls: { follow: "folgt der Wand", manual: "von Hand", off: "aus", console: "vom Lichtpult" },
  settings: {
    control: "Steuerung",
    follow: "Region",
    level: "Helligkeit",
    colour: "Farbe",
    trims: "Trims",
    shape: "Form",
    center: "Ort",
    size: "Größe",
    rotation: "Drehung",
    points: "Punkte",
    width: "Breite",
    feather: "Weiche Kante",
    statistic: "Messung",
    exclude: "Ausschnitte",
    smoothing: "Glättung",
  },
  wallWhite: "Wandweiß",
  colour: ({ cct, tint, xy, hue, saturation }) =>
    cct
      ? listed(`${Math.round(cct)} K`, tint ? `Tint ${tint > 0 ? "+" : "−"}${german(Math.abs(tint))}` : false)
      : xy
        ? `xy ${xy.map(german).join("; ")}`
        : `Farbton ${Math.round(hue ?? 0)}°, ${Math.round((saturation ?? 0) * 100)} %`,
  updateTitle: "Aktualisieren",
  updateWhy: "Speichert das Licht, wie es jetzt steht, in diesen Look: dieselben Lampen, dieselben Einstellungen.",
  update: "Vom jetzigen Licht aktualisieren",
  storeOthers: "Mehr hineinspeichern…",
  deleteTitle: "Löschen",
  deleteWhy: "Kein Cue ruft ihn. Rückgängig holt ihn zurück.",
  calledBy: (cues) => `Cue ${cues.join(", ")} ${cues.length > 1 ? "rufen" : "ruft"} ihn: erst dort herausnehmen.`,

  storeTitle: "Look speichern",
  storeInto: (name) => `Mehr in ${name} speichern`,
  storeWhy: "Behält das Licht, wie es jetzt steht, von allem Angehakten; alles andere bleibt unberührt, wenn der Look kommt.",
  storeMoreWhy: "Das Angehakte wird gespeichert, wie es jetzt steht; der Rest des Looks bleibt.",
  lamps: "Lampen",
  regions: "Formen der Regionen",
  parts: "Einstellungen",
  partNames: { control: "Steuerung und Region", level: "Helligkeit", colour: "Farbe", trims: "Trims", shape: "Formen" },
  all: "Alle",
  nothing: "Keine",
  store: "Speichern",
  storeOf: (lamps, regions) =>
    `${[lamps && (lamps === 1 ? "1 Lampe" : `${lamps} Lampen`), regions && (regions === 1 ? "1 Region" : `${regions} Regionen`)].filter(Boolean).join(" und ")} speichern`,
  storeNothing: "Nichts ist angehakt",

  cue: "Cue",
  cueList: "Cueliste",
  takes: "Takes",
  cueNumber: "Nummer",
  cueName: "Name",
  cueNameHint: "Leer: der Name des Looks",
  cueFade: "Blende, Sekunden",
  cueFadeHint: "Leer: die des Looks",
  cueWait: "Dann warten, Sekunden",
  cueWaitHint: "Der nächste Cue kommt von selbst; leer: von Hand",
  scene: "Szene",
  shot: "Einstellung",
  take: "Take",
  addCue: "Cue hinzufügen",
  noCues: "Noch keine Cues",
  noCuesWhy: "Ein Cue ist ein Look zu seiner Zeit: mit eigener Blende, für Szene und Einstellung. Erst Looks speichern, dann hier ordnen.",
  cueKeys: "Pfeiltasten gehen durch die Liste, mit Alt verschieben sie einen Cue.",
  cueTitle: (number, name) => `${german(number)} ${name}`,
  cueNow: (title) => `Jetzt: ${title}`,
  cueBefore: "Vor dem ersten Cue",
  cueEnd: "Ende der Liste",
  cueIsOn: "Jetzt",
  cueIsNext: "Nächster",
  cueTimes: (look, fade, wait) =>
    listed(
      look,
      fade !== null && (fade ? `Blende ${comma(long(fade, "", "min"))}` : "Schnitt"),
      wait !== null && `nächster nach ${comma(long(wait, "0 s", "min"))}`,
    ),
  cueNotes: (scene, shot, take) => listed(scene && `Szene ${scene}`, shot && `Einstellung ${shot}`, take !== null && `Take ${take}`),
  number: german,
  back: "Zurück",
  goNext: "Go",
  goTo: (number) => `Go zu ${german(number)}`,
  earlier: (number) => `Cue ${german(number)} einen Platz früher`,
  later: (number) => `Cue ${german(number)} einen Platz später`,
  numberTaken: "Ein Cue hat schon diese Nummer",
  cueSaved: (number) => `Cue ${german(number)} gespeichert`,
  cueDeleted: (number) => `Cue ${german(number)} gelöscht`,
};

/** A decimal comma. @param {string} text */
function comma(text) {
  return text.replace(".", ",");
}
