/** Every word of the page that lets a device in. */

export const en = {
  title: "Let this device in",
  byCode: "One more tap, and this device may open lumad.",
  byPin: "Type the six digits that lumad shows: in its terminal, with lumad pair, or on an admin's page under Setup, People.",
  pin: "PIN",
  name: "Name of this device",
  letIn: "Let me in",
  wrong: "This code is not valid, or not any more. Ask for a new one.",
  tooOften: (/** @type {number} */ seconds) => `Too many tries. Wait ${seconds} seconds, or scan the QR code.`,
  notNeeded: "This lumad needs no sign-in.",
  failed: "lumad does not answer. Try again.",
  device: "Device",
  devices: /** @type {Record<string, string>} */ ({
    iPhone: "iPhone",
    iPad: "iPad",
    Android: "Android phone",
    Windows: "Windows computer",
    Macintosh: "Mac",
    CrOS: "Chromebook",
    Linux: "Computer",
  }),
};

/** @type {typeof en} */
export const de = {
  title: "Dieses Gerät einlassen",
  byCode: "Noch ein Tippen, dann darf dieses Gerät lumad öffnen.",
  byPin: "Gib die sechs Ziffern ein, die lumad zeigt: im Terminal, mit lumad pair, oder auf der Seite eines Admins unter Setup, Leute.",
  pin: "PIN",
  name: "Name dieses Geräts",
  letIn: "Einlassen",
  wrong: "Dieser Code gilt nicht oder nicht mehr. Lass dir einen neuen geben.",
  tooOften: (seconds) => `Zu viele Versuche. Warte ${seconds} Sekunden oder scanne den QR-Code.`,
  notNeeded: "Dieses lumad braucht keine Anmeldung.",
  failed: "lumad antwortet nicht. Versuch es noch einmal.",
  device: "Gerät",
  devices: {
    iPhone: "iPhone",
    iPad: "iPad",
    Android: "Android-Telefon",
    Windows: "Windows-Rechner",
    Macintosh: "Mac",
    CrOS: "Chromebook",
    Linux: "Rechner",
  },
};

const wished = [localStorage.getItem("lumad.language"), ...navigator.languages].map((each) => each?.slice(0, 2));

export const language = wished.find((each) => each === "en" || each === "de") ?? "en";
export const texts = language === "de" ? de : en;
