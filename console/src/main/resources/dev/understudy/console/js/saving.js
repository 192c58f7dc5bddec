/** Saving an edited chain or group: what follows when it is refused, or when another editor has saved in the meantime. */

import { request } from "./api.js";
import { drafts } from "./drafts.js";

/** How the card of a chain or group names the source of what it shows, with the kind of the badge. */
export const SOURCES = {
  file: ["quiet", "from the file"],
  changed: ["info", "file, changed here"],
  console: ["info", "made here"],
};

/**
 * Sends a change to the version of the settings that the editor has seen.
 *
 * @param editor `current` returns the draft if it is still edited, `refused` shows the problems of settings that cannot be used, `failed`
 *     any other error, and `reload` draws the page again
 * @return the settings as they are now; undefined if nothing was saved
 */
export async function send(method, path, body, editor) {
  const seen = drafts.document.version;
  try {
    return await request(method, path, { body, version: seen });
  } catch (cause) {
    if (cause.status === 412) {
      await conflict(seen, cause, editor);
    } else if (cause.status === 422) {
      editor.refused(cause);
    } else if (cause.name !== "AbortError") {
      editor.failed(cause);
    }
    return undefined;
  }
}

async function conflict(seen, cause, { current, failed, reload }) {
  try {
    drafts.adopt(await request("GET", "chains"));
  } catch {
    // The first error says more than the second: that nothing was saved, and why.
    failed(cause);
    return;
  }
  const draft = current();
  if (draft) {
    draft.conflict ??= { since: seen };
  }
  reload(false);
}
