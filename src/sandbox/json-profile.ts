import type { SandboxContext } from './context.ts';
import { userJson } from './json.ts';

/** When everything began that has no date here. */
export const FOUNDED = '2020-01-01T00:00:00Z';

/** What a person, bot or organisation shows of itself to everyone. */
export function profileJson(sandbox: SandboxContext, login: string): Record<string, unknown> {
  const owned = [...sandbox.state.repositories.values()].filter((repository) => repository.owner === login);
  return {
    ...userJson(sandbox, login),
    name: login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: owned.filter((repository) => !repository.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: FOUNDED,
    updated_at: FOUNDED,
  };
}
