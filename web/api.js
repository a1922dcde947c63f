/** Fetch as this page needs it: JSON in, JSON out, problems thrown as they were told. */

import { signedOut } from "./signedout.js";

/** @typedef {{title: string, detail: string, status: number, faults: {path: string, message: string}[]}} Fault */

const ROOT = "/api/v1/";

/** @param {string} path  below /api/v1/, or absolute */
const address = (path) => (path.startsWith("/") ? path : ROOT + path);

/**
 * What lumad says of `path`. Throws {title, detail, faults, status}; status 0: no answer.
 * @param {string} path
 * @returns {Promise<any>}
 */
export const get = (path) => send("GET", path);

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]  JSON, or a Blob or FormData as it is
 * @param {{ifMatch?: string}} [options]  the revision that this change is based on
 * @returns {Promise<any>} the reply's JSON, text where it is none, null where it is empty
 */
export async function send(method, path, body, { ifMatch } = {}) {
  const raw = body instanceof Blob || body instanceof FormData;
  const headers = new Headers({ Accept: "application/json" });
  if (body !== undefined && !raw) headers.set("Content-Type", "application/json");
  if (ifMatch !== undefined) headers.set("If-Match", ifMatch);
  const content = raw ? body : body === undefined ? undefined : JSON.stringify(body);
  const response = await fetch(address(path), { method, headers, body: content }).catch(() => null);
  if (!response) throw fault({}, 0);
  const text = await response.text();
  const reply = parsed(text);
  if (response.status === 401) signedOut();
  if (!response.ok) throw fault(reply ?? {}, response.status, response.statusText);
  return reply ?? (text || null);
}

/** @param {string} text @returns {any} null where it is no JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {Partial<Fault>} problem
 * @param {number} status
 * @returns {Fault}
 */
function fault({ title, detail, faults }, status, word = "") {
  return { title: title ?? word, detail: detail ?? "", faults: faults ?? [], status };
}
