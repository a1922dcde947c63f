/** The words of this room in the language of the page. */

import * as words from "../texts/looks.js";
import { pick } from "../texts.js";

export const texts = pick(words);
