import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Reads standard input to its end; on a terminal it prints the question first. */
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

/** Asks to type a name as confirmation; returns whether the input was that name. */
export async function isConfirmed(question: string, name: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await Promise.race([
      prompt.question(`${question} Type its name to continue: `),
      once(prompt, 'close').then(() => ''),
    ]);
    return answer.trim() === name;
  } finally {
    prompt.close();
  }
}
