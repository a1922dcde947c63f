/** When this device was shown out the page begins again, and the door stands there to pair it anew. */

const KEPT = "lumad.signed-out";
const AGAIN_MS = 5000;

let asked = -Infinity;

/** Once: a page that comes again without being let in must not go round and round. */
export function signedOut() {
  if (sessionStorage.getItem(KEPT)) return;
  sessionStorage.setItem(KEPT, "yes");
  location.reload();
}

/** It is in. */
export const signedIn = () => sessionStorage.removeItem(KEPT);

/** A socket that did not open does not say why; a plain question does. */
export async function askWhetherIn() {
  if (performance.now() - asked < AGAIN_MS) return;
  asked = performance.now();
  const answer = await fetch("/health/live").catch(() => null);
  if (answer?.status === 401) signedOut();
}
