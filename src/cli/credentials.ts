import { readFile } from 'node:fs/promises';

/** Who Sluice is on GitHub. */
export interface Credentials {
  appId: number;
  /** PEM. */
  privateKey: string;
}

/** Reads the App's credentials from environment variables; throws with a person's message when one is missing. */
export async function readCredentials(env: NodeJS.ProcessEnv): Promise<Credentials> {
  const appId = Number(need(env, 'APP_ID', "the App's id, from its settings page"));
  if (!Number.isSafeInteger(appId) || appId <= 0)
    throw new Error('APP_ID must be the number on the settings page of the App');
  return { appId, privateKey: await readKey(env) };
}

async function readKey(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.PRIVATE_KEY_PATH) return readFile(env.PRIVATE_KEY_PATH, 'utf8');
  // Platforms that keep variables on one line write the line ends as \n.
  return need(env, 'PRIVATE_KEY', "the App's private key (PEM), or PRIVATE_KEY_PATH for its file").replace(
    /\\n/g,
    '\n',
  );
}

/** A variable that must be set; `meaning` tells a person what it is. */
export function need(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: ${meaning}`);
  return value;
}
