/** A GitOps repository as the scenarios use it: an overlay for each application and environment. */

export interface Shape {
  applications: readonly string[];
  /** The lines of each environment, as YAML below its name. */
  environments: Readonly<Record<string, string>>;
}

/** `app-001`, `app-002` ... */
export function nameApplications(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `app-${String(index + 1).padStart(4, '0')}`);
}

/** The config and all overlays, each application at `v1`. */
export function makeFiles({ applications, environments }: Shape): Record<string, string> {
  const config = Object.entries(environments).map(([name, lines]) => `  ${name}:\n${indent(lines)}`);
  const held = applications.flatMap((application) =>
    Object.keys(environments).map((environment, index) => [
      overlayPath(application, environment),
      overlay(application, 'v1.0.0', index + 1),
    ]),
  );
  return {
    '.github/sluice.yml': `path: apps/{app}/overlays/{env}\nenvironments:\n${config.join('')}`,
    ...Object.fromEntries(held),
  };
}

export function overlayPath(application: string, environment: string): string {
  return `apps/${application}/overlays/${environment}/kustomization.yaml`;
}

/** One image, and what belongs to the environment. */
export function overlay(application: string, tag: string, replicas = 1): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
images:
  - name: ghcr.io/acme/${application}
    newTag: ${tag}
replicas:
  - name: ${application}
    count: ${replicas}
`;
}

function indent(lines: string): string {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `    ${line}\n`)
    .join('');
}
