import { readFileSync } from 'node:fs';

/** An example of a webhook, as GitHub sent it once. */
export interface Example {
  event: string;
  payload: {
    action?: string;
    repository?: { full_name: string; default_branch?: string };
    repositories?: { full_name: string }[];
    repositories_added?: { full_name: string }[];
    installation?: { id: number };
  };
}

/** All examples that were collected: https://github.com/octokit/webhooks/tree/main/payload-examples */
export function readExamples(): Example[] {
  const file = new URL(
    './node_modules/@octokit/webhooks-examples/api.github.com/index.json',
    import.meta.url,
  );
  const events = JSON.parse(readFileSync(file, 'utf8')) as {
    name: string;
    examples: Example['payload'][];
  }[];
  return events.flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));
}

/** Full names of the repositories that an example speaks of. */
export function repositoriesOf({ payload }: Example): string[] {
  const all = [payload.repository, ...(payload.repositories ?? []), ...(payload.repositories_added ?? [])];
  return all.flatMap((repository) => (repository ? [repository.full_name] : []));
}
