import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configJsonSchema } from '../config/json-schema.ts';
import { configReference } from '../config/reference.ts';
import { figuresJsonSchema } from '../history/figures-schema.ts';
import { historyJsonSchema } from '../history/record.ts';
import { notificationJsonSchema } from '../notify/message.ts';
import { commandsReference } from './commands-reference.ts';
import { operationsReference } from './operations-reference.ts';

/** The files that are made of tables in the code, by path below the root of the project. */
export function generatedFiles(): Record<string, string> {
  return {
    'docs/schema/sluice.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    'docs/schema/history.schema.json': `${JSON.stringify(historyJsonSchema(), null, 2)}\n`,
    'docs/schema/figures.schema.json': `${JSON.stringify(figuresJsonSchema(), null, 2)}\n`,
    'docs/schema/notification.schema.json': `${JSON.stringify(notificationJsonSchema(), null, 2)}\n`,
    'docs/configuration.md': configReference(),
    'docs/commands.md': commandsReference(),
    'docs/operations-reference.md': operationsReference(),
  };
}

/** Writes the generated files below `root`, and returns their paths. */
export async function generate(root: string): Promise<string[]> {
  const files = Object.entries(generatedFiles());
  for (const [path, text] of files) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return files.map(([path]) => path);
}
