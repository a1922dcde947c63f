/** The words of this room in the language of the page. */

import * as network from "../texts/network.js";
import * as words from "../texts/setup.js";
import { pick } from "../texts.js";

export const texts = { ...pick(words), ...pick(network) };
