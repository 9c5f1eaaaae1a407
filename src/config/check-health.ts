import { placeholdersOf, type TextCheck } from './check-text.ts';
import { quote } from './suggest.ts';

/** Finds placeholders that are none of these. */
function checkerOf(known: readonly string[]): TextCheck {
  return (text) => {
    const strange = placeholdersOf(text).find((name) => !known.includes(name));
    if (strange !== undefined)
      return `{${strange.slice(0, 60)}} is no placeholder here. Placeholders: ${known.map((name) => `{${name}}`).join(', ')}`;
    const rest = known.reduce((left, name) => left.replaceAll(`{${name}}`, ''), text);
    return /[{}]/.test(rest) ? 'there is a { or } without its partner' : null;
  };
}

/** The name of what reports the health of the environment that a release comes from: `argocd/{from}/{app}`. */
export const checkHealthName = checkerOf(['app', 'from']);

/** The same of the environment itself: `argocd/{env}/{app}`. */
export const checkOwnHealthName = checkerOf(['app', 'env']);

/** GitHub finds deployments by the exact name of their environment. */
export const checkDeploymentName = exactly(checkHealthName);
export const checkOwnDeploymentName = exactly(checkOwnHealthName);

function exactly(check: TextCheck): TextCheck {
  return (text) =>
    text.includes('*') ? '`*` has no meaning in the environment of a deployment' : check(text);
}

/** A login, `SLUG[bot]` for an App. */
export const checkWriter: TextCheck = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\[bot\])?$/.test(text)
    ? null
    : `${quote(text)} is no login; write NAME, or SLUG[bot] for a GitHub App`;
