import { verify } from 'node:crypto';
import type { SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import type { Actor, App } from './state.ts';

/** GitHub takes at most ten minutes; a client's clock may be a little ahead. */
const MAX_JWT_SECONDS = 10 * 60;
const CLOCK_SKEW_SECONDS = 60;

/**
 * Who an `Authorization` header speaks for: an App by its JWT, an installation or a user by a token
 * (`Bearer`, `token`, or the password of `Basic`). No header is anonymous.
 * @throws GitHubError 401 for credentials that are not valid.
 */
export function authenticate(sandbox: SandboxContext, header: string | undefined): Actor {
  if (header === undefined || header === '') return { kind: 'anonymous' };
  const [, scheme = '', value = ''] = /^(bearer|token|basic)\s+(\S+)$/i.exec(header.trim()) ?? [];
  if (scheme.toLowerCase() === 'basic') return actorOfToken(sandbox, passwordOf(value));
  const isJwt = value.split('.').length === 3;
  return isJwt ? { kind: 'app', app: appOfJwt(sandbox, value) } : actorOfToken(sandbox, value);
}

function passwordOf(basic: string): string {
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const password = colon === -1 ? '' : text.slice(colon + 1);
  // A token is also taken as the user name when there is no password, or none that means anything.
  return password === '' || password === 'x-oauth-basic' ? text.slice(0, Math.max(colon, 0)) : password;
}

function badCredentials(): GitHubError {
  return new GitHubError(401, 'Bad credentials');
}

function actorOfToken(sandbox: SandboxContext, token: string): Actor {
  if (token === '') throw badCredentials();
  const { users, installationTokens, installations, apps } = sandbox.state;
  const granted = installationTokens.get(token);
  if (granted !== undefined) {
    const installation = installations.get(granted.installationId);
    const app = installation && apps.get(installation.appId);
    const user = app && users.get(app.botLogin);
    if (!installation || !app || !user || granted.expiresAt <= sandbox.now()) throw badCredentials();
    if (installation.suspendedAt !== null) throw new GitHubError(403, 'This installation has been suspended');
    const { permissions, repositoryIds } = granted;
    return { kind: 'installation', app, installation, permissions, user, repositoryIds };
  }
  const user = [...users.values()].find((item) => item.tokens.includes(token));
  if (user === undefined) throw badCredentials();
  return { kind: 'user', user };
}

function decodePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the same answer as for JSON that is not an object.
  }
  throw new GitHubError(401, 'A JSON web token could not be decoded');
}

function appOfJwt(sandbox: SandboxContext, jwt: string): App {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const claims = decodePart(body);
  const app = sandbox.state.apps.get(Number(claims.iss));
  if (decodePart(head).alg !== 'RS256') throw new GitHubError(401, 'A JSON web token could not be decoded');
  if (app === undefined) throw new GitHubError(404, 'Integration not found');
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('RSA-SHA256', signed, app.publicKeyPem, Buffer.from(signature, 'base64url'))) {
    throw new GitHubError(401, 'A JSON web token could not be decoded');
  }
  checkTimes(sandbox, claims);
  return app;
}

/**
 * A JWT is good by the sandbox's clock, or by the real one: most who make one have no other.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app#about-json-web-tokens-jwts
 */
function checkTimes(sandbox: SandboxContext, claims: Record<string, unknown>): void {
  const wrong = wrongTime(claims, sandbox.now() / 1000);
  if (wrong !== null && wrongTime(claims, Date.now() / 1000) !== null) throw new GitHubError(401, wrong);
}

function wrongTime({ exp, iat }: Record<string, unknown>, nowSeconds: number): string | null {
  const claim = `'Expiration time' claim ('exp')`;
  if (typeof exp !== 'number' || exp <= nowSeconds) {
    return `${claim} must be a numeric value representing the future time at which the assertion expires`;
  }
  if (exp > nowSeconds + MAX_JWT_SECONDS + CLOCK_SKEW_SECONDS) return `${claim} is too far in the future`;
  if (typeof iat === 'number' && iat <= nowSeconds + CLOCK_SKEW_SECONDS) return null;
  return `'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued`;
}

/** How the call log names an actor. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'app') return `app:${actor.app.slug}`;
  if (actor.kind === 'installation') return `installation:${actor.installation.id}`;
  return actor.kind === 'user' ? actor.user.login : 'anonymous';
}

/** Whose budget a call counts for. */
export function callerName(actor: Actor): string {
  return actor.kind === 'app' ? `app:${actor.app.id}` : actorName(actor);
}
