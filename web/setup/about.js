/** Which lumad this is, where it can be reached, in which language it speaks, and what it stands on. */

import { element } from "../html.js";
import { language, LANGUAGES, speak } from "../texts.js";
import { headed } from "./section.js";
import { texts } from "./words.js";

export class About {
  #facts = element("dl", { class: "about-facts" });

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const choices = Object.entries(LANGUAGES).map(([key, name]) => {
      const chosen = key === language;
      const choose = () => chosen || speak(/** @type {import("../texts.js").Language} */ (key));
      return element("button", { type: "button", role: "radio", lang: key, "aria-checked": String(chosen), onclick: choose }, name);
    });
    const group = element("div", { class: "segmented", role: "radiogroup", "aria-label": texts.language }, ...choices);
    const speech = element("section", { class: "part" }, element("h3", {}, texts.language), group);
    const licences = element(
      "section",
      { class: "part" },
      element("h3", {}, texts.licences),
      element("p", {}, texts.licence),
      element(
        "ul",
        { class: "licences", role: "list" },
        ...LIBRARIES.map(([name, terms]) =>
          element("li", {}, element("strong", {}, name), " ", element("span", { class: "facts" }, terms)),
        ),
      ),
    );
    this.root = element("section", { "aria-label": texts.about }, headed(texts.about, "#/setup").root, this.#facts, speech, licences);
  }

  async show() {
    const { api, store } = this.services;
    const said = /** @type {{version?: string, host?: string, addresses?: string[]}} */ (await api.get("state").catch(() => ({})));
    const version = said.version ?? (await api.get("openapi.json").catch(() => null))?.info?.version ?? "–";
    const facts = [
      [texts.version, version],
      [texts.show, store.show?.name || "–"],
      [texts.here, location.host],
      ...(said.addresses?.length ? [[texts.addresses, said.addresses.join(", ")]] : []),
      [texts.revision, String(store.rev)],
      [texts.kernel, store.status?.engine.kernel ?? "–"],
    ];
    this.#facts.replaceChildren(...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  }
}

const LIBRARIES = [
  ["aiohttp", "Apache-2.0"],
  ["NumPy", "BSD-3-Clause"],
  ["OpenCV", "Apache-2.0"],
  ["pydantic", "MIT"],
  ["PyAV, FFmpeg", "BSD-3-Clause, GPL"],
  ["PyYAML", "MIT"],
  ["defusedxml", "PSF-2.0"],
  ["pygdtf, pymvr", "MIT"],
  ["segno", "BSD-3-Clause"],
  ["zeroconf", "LGPL-2.1"],
];
