// What a coding agent is told: a task is one tool call that writes a file, then a closing sentence. A client without tools
// (aider) gets the file in the text of the answer, in the format that it describes in its own prompt.

export const DONE = "The task is complete: out.txt has one line now, and this sentence is shown once and whole.";
const COMMAND = "echo hello > out.txt";
const EDIT = `out.txt\n\`\`\`\nhello\n\`\`\`\n\n${DONE}`;
/** Clients summarize the task in calls of their own, without tools. */
const SUMMARY = "Writing a file";
const SHELLS = ["Bash", "bash", "exec_command", "shell_command", "shell", "run_shell_command"];

/** The answer of this scene, as `{ call }` or `{ text }`; undefined if the conversation is not about its task. */
export function agentAnswer(asked) {
  const texts = asked.turns.filter((turn) => turn.role === "user").flatMap((turn) => turn.parts.map((part) => part.text ?? ""));
  if (texts.some((text) => text.includes("Create the file out.txt"))) {
    return { text: EDIT };
  }
  if (!texts.some((text) => text.includes(COMMAND))) {
    return undefined;
  }
  if (asked.turns.some((turn) => turn.parts.some((part) => part.type === "result"))) {
    return { text: DONE };
  }
  const shell = asked.tools.find((tool) => SHELLS.includes(tool.name));
  return shell ? { call: { name: shell.name, arguments: JSON.stringify(argumentsFor(shell.schema.properties)) } } : { text: SUMMARY };
}

/** Each client has names of its own for the command, which it either splits or does not. */
function argumentsFor(properties) {
  const isList = String(properties.command?.type).toLowerCase() === "array";
  return {
    ...(properties.command ? { command: isList ? ["bash", "-lc", COMMAND] : COMMAND } : {}),
    ...(properties.cmd ? { cmd: COMMAND } : {}),
    ...(properties.description ? { description: "Writes a file" } : {}),
  };
}
