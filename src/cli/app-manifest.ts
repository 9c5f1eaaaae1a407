import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** What `app.yml` asks GitHub for, so that the demo and the tests run with exactly these permissions. */
export async function readAppManifest(): Promise<{
  permissions: Record<string, 'read' | 'write'>;
  events: string[];
}> {
  const text = await readFile(new URL('../../app.yml', import.meta.url), 'utf8');
  const manifest = parse(text) as {
    default_permissions: Record<string, 'read' | 'write'>;
    default_events: string[];
  };
  return { permissions: manifest.default_permissions, events: manifest.default_events };
}
