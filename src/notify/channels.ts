const PREFIX = 'SLUICE_NOTIFY_';
const SECRET = 'SLUICE_NOTIFY_SECRET';

/** What may be told to whom, by the word of whoever operates Sluice. */
export interface NotifyOptions {
  /** URLs, which are secrets, by the name of their variable. */
  urls: ReadonlyMap<string, string>;
  /** Signs JSON; null: none is sent. */
  secret: string | null;
}

/** Reads `SLUICE_NOTIFY_*`; throws with a person's message, which does not say what stands in one. */
export function readNotifyOptions(env: NodeJS.ProcessEnv): NotifyOptions {
  const urls = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || name === SECRET || !value) continue;
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value))
      throw new Error(`${name} must be an address that starts with https://`);
    urls.set(name, value);
  }
  return { urls, secret: env[SECRET] || null };
}
