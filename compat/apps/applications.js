// How each application is started: as its documentation describes an endpoint of one's own, with nothing of the machine in
// its surroundings but what is named here. The keys are dummies; telemetry and updates are off.

import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const COMMAND_TASK = "Run the shell command: echo hello > out.txt";
const EDIT_TASK = "Create the file out.txt with one line: hello";

/**
 * An application: its dialect; the model of its own vendor, with which the names of its other models at the gateway begin
 * (../understudy.yaml); the other vendors that answer it, two each for the two applications of one dialect; its task; whether
 * it uses tools; and how it is started with an address, a model and a prompt: the command, variables and files in its home.
 */
export const APPLICATIONS = {
  "claude-code": {
    dialect: "anthropic",
    model: "claude-sonnet-4-5",
    others: ["openai", "responses", "gemini", "bedrock"],
    task: COMMAND_TASK,
    hasTools: true,
    start: (address, model, prompt) => ({
      command: [bin("claude-code", "claude"), "-p", prompt, "--allowedTools", "Bash", "--output-format", "text"],
      env: {
        ANTHROPIC_BASE_URL: address,
        ANTHROPIC_API_KEY: "upstream-key",
        ANTHROPIC_MODEL: model,
        ANTHROPIC_SMALL_FAST_MODEL: model,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
        DISABLE_TELEMETRY: "1",
        // It does not run tools for root otherwise.
        IS_SANDBOX: "1",
      },
    }),
  },

  codex: {
    dialect: "responses",
    model: "gpt-5.5",
    others: ["openai", "anthropic", "gemini", "bedrock"],
    task: COMMAND_TASK,
    hasTools: true,
    start: (address, model, prompt) => ({
      command: [bin("codex", "codex"), "exec", "--skip-git-repo-check", prompt],
      env: { PROVIDER_KEY: "upstream-key" },
      files: {
        ".codex/config.toml": `
          model = "${model}"
          model_provider = "compat"
          approval_policy = "never"
          sandbox_mode = "danger-full-access"
          check_for_update_on_startup = false
          [model_providers.compat]
          name = "compat"
          base_url = "${address}/v1"
          env_key = "PROVIDER_KEY"
          wire_api = "responses"
          [analytics]
          enabled = false
        `,
      },
    }),
  },

  opencode: {
    dialect: "openai",
    model: "gpt-4.1-nano",
    others: ["responses", "anthropic"],
    task: COMMAND_TASK,
    hasTools: true,
    start: (address, model, prompt) => ({
      command: [bin("opencode", "opencode"), "run", "-m", `compat/${model}`, prompt],
      env: { OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "1" },
      files: {
        ".config/opencode/opencode.json": JSON.stringify({
          autoupdate: false,
          share: "disabled",
          permission: { bash: "allow", edit: "allow" },
          provider: {
            compat: {
              npm: "@ai-sdk/openai-compatible",
              name: "compat",
              options: { baseURL: `${address}/v1`, apiKey: "upstream-key" },
              models: { [model]: { name: model } },
            },
          },
        }),
      },
    }),
  },

  "gemini-cli": {
    dialect: "gemini",
    model: "gemini-2.5-flash",
    others: ["openai", "responses", "anthropic", "bedrock"],
    task: COMMAND_TASK,
    hasTools: true,
    start: (address, model, prompt) => ({
      command: [bin("gemini-cli", "gemini"), "--skip-trust", "-m", model, "--yolo", "-p", prompt],
      env: { GEMINI_API_KEY: "upstream-key", GOOGLE_GEMINI_BASE_URL: address, GEMINI_CLI_NO_RELAUNCH: "true" },
      files: {
        ".gemini/settings.json": JSON.stringify({
          general: { disableAutoUpdate: true, disableUpdateNag: true },
          privacy: { usageStatisticsEnabled: false },
          security: { auth: { selectedType: "gemini-api-key" } },
          telemetry: { enabled: false },
        }),
      },
    }),
  },

  aider: {
    dialect: "openai",
    model: "gpt-4.1-nano",
    others: ["gemini", "bedrock"],
    task: EDIT_TASK,
    hasTools: false,
    start: (address, model, prompt) => ({
      command: [
        `${HERE}../.venv/aider/bin/aider`, "--model", `openai/${model}`, "--edit-format", "whole", "--message", prompt,
        "--yes-always", "--no-git", "--no-pretty", "--no-analytics", "--no-check-update", "--no-show-model-warnings",
        "--no-show-release-notes",
      ],
      env: { OPENAI_API_BASE: `${address}/v1`, OPENAI_API_KEY: "upstream-key", LITELLM_LOCAL_MODEL_COST_MAP: "True" },
      // In place of the list of prices, which it would fetch; an empty one does not count.
      files: { ".aider/caches/model_prices_and_context_window.json": JSON.stringify({ none: {} }) },
    }),
  },
};

function bin(folder, name) {
  return `${HERE}${folder}/node_modules/.bin/${name}`;
}
