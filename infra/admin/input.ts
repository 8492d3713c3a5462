import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** All of standard input; whoever sits at a terminal is asked for it. */
export async function readInput(question: string): Promise<string> {
  if (process.stdin.isTTY) {
    process.stderr.write(question);
  }
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    text += chunk;
  }
  return text;
}

/** Whether somebody types a name to go on. Input that has ended answers nothing. */
export async function isConfirmed(question: string, name: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await Promise.race([
      prompt.question(`${question} Type its name to go on: `),
      once(prompt, 'close').then(() => ''),
    ]);
    return answer.trim() === name;
  } finally {
    prompt.close();
  }
}
