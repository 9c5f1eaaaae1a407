/** What stands above the tables of the reference. Its examples are parsed by a test. */
export const REFERENCE_INTRODUCTION = `# Configuration

Sluice reads \`.github/sluice.yml\` on the default branch of the GitOps repository. A pull request that changes
the file gets a check that names what is wrong, line by line; what counts is always the file on the default
branch. Unknown keys are refused, so that a slip of the keyboard does not go unseen.

This page and \`docs/schema/sluice.schema.json\` are generated (\`npm run schema\`); do not edit them. To get
completion in an editor with a YAML language server, put a line like this at the top of the file, with the place
where you keep the schema:

\`\`\`yaml
# yaml-language-server: $schema=./sluice.schema.json
\`\`\`

## The smallest config

\`\`\`yaml
path: apps/{app}/overlays/{env}
environments:
  dev:
  staging:
    from: dev
\`\`\`

Each folder that matches \`path\` is a target: one application in one environment. When \`dev\` holds another
release of an application than \`staging\`, Sluice opens a pull request that moves the tags, digests and names of
its images, and nothing else.

## A full example

\`\`\`yaml
path: apps/{app}/overlays/{env}

environments:
  dev:
    auto-merge: true
  staging:
    from: dev
    auto-merge: true
    gates:
      - checks: [ci/smoke, { name: e2e, app: github-actions }]
  prod-eu:
    from: staging
    reviewers: [acme/sre]
    gates:
      - checks: { on: source, names: [argocd/healthy] }
      - approvals: { count: 1, from: [team:acme/sre] }
  prod-us:
    from: staging
    path: clusters/us/{app}
    gates:
      - manual
      - approvals: 2

applications:
  exclude: [legacy-*]

promote:
  - images
  - field: image.tag
    file: values*.yaml
  - files: ["config/*.yaml"]
    exclude: ["config/secret-*"]

sources:
  - repository: acme/checkout
    workflow: build.yml
    tag: "{short_sha}"
  - application: cart
    repository: acme/shop-cart
    on: dispatch
    type: image-published
    tag: "{payload.tag}"
    digest: "{payload.digest}"

labels: [sluice]
merge-method: squash
commands:
  promote: write
\`\`\`

## How paths are read

- \`{env}\` stands for exactly the name of the environment. Every other variable stands for one or more
  characters of one part of the path, never for a \`/\`, and for as few as possible from left to right.
- Variables may stand anywhere, in names of files too: \`applications/{app}/values-{env}.yaml\`.
- A path that matches a folder makes the folder the target, with all that is in it. A path that matches a file
  makes the file the target.
- The values of all variables but \`{env}\`, in order and joined with \`/\`, name the application:
  \`{team}/{app}/{env}\` finds \`payments/checkout\`.
- Below a path that ends in \`/{app}\`, files named \`kustomization.yaml\`, \`kustomization.yml\`,
  \`Kustomization\` or \`README*\` and files that start with a dot are no applications.

## How globs are read

\`*\` stands for any characters but \`/\`, \`**\` for any folders, \`?\` for one character, \`{a,b}\` for a choice. A
glob has three wildcards in one part of a path at most, and no parentheses.

## What holds where it is not said

An environment that does not say one of \`gates\`, \`auto-merge\`, \`reviewers\`, \`allow-downgrade\`,
\`allow-floating\` and \`allow\` has what \`defaults\` says, and else none of it (\`false\`, no gates, no reviewers,
any version). Then come the \`overrides\` that concern the application there, in order. See
[Few words for many environments](guide/defaults-and-overrides.md).

## How constraints are read

\`allow:\` names the versions that may move. It has bounds (\`>=1.4 <2\`, \`^1.4\`, \`~1.4.2\`) and texts with wildcards
(\`1.4.*\`, \`release-*\`), and a \`!\` before a text that is kept out (\`!*-rc*\`). A space or comma stands between what
must all hold, \`||\` between alternatives; of a list, all must hold.

- Bounds order versions as promotions do: semantic versions, dates (\`>=2024.06\`) and build numbers (\`>=175\`).
- A pre-release meets bounds only when one of them names a pre-release: \`>=1.4.0-0\`.
- A version that cannot be compared with a bound, such as the name of a commit, does not meet it.
- Tags and versions are looked at; digests, names of images and whole files are not.
- One value that is kept out keeps the whole release where it is, and the reason says which \`allow:\` it was.
`;
