/** The GitOps repository of the story: three applications, four environments, one folder for each. */
export const APPLICATIONS = ['cart', 'checkout', 'payments'] as const;
export const ENVIRONMENTS = ['dev', 'staging', 'prod-eu', 'prod-us'] as const;

export const OLD_RELEASE = 'v1.4.1';
export const NEW_RELEASE = 'v1.5.0';

/** `production` is what is said of the production environments besides their gates. */
const configWith = (production: string) => `# How releases move through this repository.
path: apps/{app}/overlays/{env}
environments:
  dev:
    auto-merge: true
  staging:
    from: dev
    auto-merge: true
    gates:
      - checks: [ci/smoke]
  prod-eu: &production
    from: staging
    reviewers: [acme/sre]
    gates:
      - approvals: { count: 1, from: ["team:acme/sre"] }
${production}  prod-us: *production
sources:
  - application: checkout
    repository: acme/checkout
    on: release
    tag: "{release}"
`;

/** Files of the GitOps repository before the story begins. */
export function seedFiles(production = ''): Record<string, string> {
  const files: Record<string, string> = {
    '.github/sluice.yml': configWith(production),
    'README.md': '# What runs where\n',
  };
  for (const application of APPLICATIONS) {
    files[`apps/${application}/base/deployment.yaml`] = deployment(application);
    files[`apps/${application}/base/kustomization.yaml`] = 'resources:\n  - deployment.yaml\n';
    for (const environment of ENVIRONMENTS) {
      files[overlayPath(application, environment)] = overlay(application, environment, OLD_RELEASE);
    }
  }
  return files;
}

export function overlayPath(application: string, environment: string): string {
  return `apps/${application}/overlays/${environment}/kustomization.yaml`;
}

/** What an overlay holds: the image belongs to the release, everything else to the environment. */
export function overlay(application: string, environment: string, release: string): string {
  const replicas = environment.startsWith('prod') ? 4 : 1;
  return `resources:
  - ../../base
images:
  - name: ghcr.io/acme/${application}
    newTag: ${release} # moved by Sluice
replicas:
  - name: ${application}
    count: ${replicas}
`;
}

function deployment(application: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${application}
spec:
  selector:
    matchLabels: { app: ${application} }
  template:
    metadata:
      labels: { app: ${application} }
    spec:
      containers:
        - name: ${application}
          image: ghcr.io/acme/${application}
`;
}
