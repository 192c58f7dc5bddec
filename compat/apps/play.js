// One run of an application: a fresh home, a fresh project, a prompt with a mark, and what came of it.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const UPSTREAM = process.env.UPSTREAM_URL;
/** Far more than a run takes, so that a busy machine is no finding. */
const MOST_MILLISECONDS = 300_000;

/** @returns `{ code, out, err, file, requests }`; the code is a text if the run was ended for taking too long */
export async function play(application, address, model) {
  const mark = randomUUID();
  const { command, env, files = {} } = application.start(address, model, `${application.task} [mark:${mark}]`);
  // Outside of this repository, since agents read what is in the folders above their project.
  const folder = await mkdtemp(join(tmpdir(), "understudy-app-"));
  try {
    const home = join(folder, "home");
    const project = join(folder, "project");
    await mkdir(project, { recursive: true });
    for (const [path, text] of Object.entries({ ".keep": "", ...files })) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), text);
    }
    const run = await finished(spawn(command[0], command.slice(1), {
      cwd: project,
      env: { PATH: process.env.PATH, HOME: home, TERM: "dumb", LANG: "C.UTF-8", NO_COLOR: "1", ...LOCAL_ONLY, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that an end takes along what it has started.
      detached: true,
    }));
    const file = await readFile(join(project, "out.txt"), "utf8").catch(() => "");
    const seen = await fetch(`${UPSTREAM}/seen?mark=${mark}`);
    return { ...run, file, requests: await seen.json() };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Nothing leaves the machine, so that a run does not depend on what is outside. */
const LOCAL_ONLY = {
  HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1,localhost",
};

function finished(child) {
  return new Promise((resolve, reject) => {
    const texts = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (texts.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (texts.err += text));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid, "SIGKILL");
    }, MOST_MILLISECONDS);
    child.on("error", (fault) => {
      clearTimeout(timer);
      reject(fault);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: late ? "not finished" : code, ...texts });
    });
  });
}
