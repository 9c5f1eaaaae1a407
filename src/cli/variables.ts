/** Reads the text of a variable, or throws what is wrong with it, to be put behind its name. */
type Read<T> = (text: string) => T;

export interface Variable<T = unknown> {
  /** What counts when it is not set or empty; null: nothing. */
  byDefault: string | null;
  /** Markdown for the table in docs/operations.md. */
  meaning: string;
  read: Read<T>;
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const text: Read<string> = (value) => value;

function whole(from: number, to: number): Read<number> {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= from && number <= to) return number;
    // Kubernetes makes such variables of Services, and this one of a Service with an unlucky name.
    // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    const hint = /^tcp:\/\//.test(value)
      ? '. Kubernetes sets it for a Service of that name: say `enableServiceLinks: false`'
      : '';
    throw new Error(`must be a whole number from ${from} to ${to}, not ${JSON.stringify(value)}${hint}`);
  };
}

function oneOf<const T extends string>(words: readonly T[]): Read<T> {
  return (value) => {
    const word = words.find((each) => each === value);
    if (word !== undefined) return word;
    throw new Error(`must be one of ${words.join(', ')}, not ${JSON.stringify(value)}`);
  };
}

/** The value stays unsaid: it may hold a password. What PostgreSQL takes is more than a URL may be. */
function address(starts: readonly string[]): Read<string> {
  return (value) => {
    if (starts.some((each) => value.startsWith(each))) return value;
    throw new Error(`must be an address that starts with ${starts.join(' or ')}`);
  };
}

const port = whole(0, 65_535);

/** Everything that the environment can say. `docs/operations.md` is made of it, and what cannot be meant stops the start. */
export const VARIABLES = {
  APP_ID: { byDefault: null, meaning: "the number on the App's settings page; required", read: text },
  PRIVATE_KEY: {
    byDefault: null,
    meaning: "the App's private key (PEM); `\\n` for line ends is understood; required, or the next one",
    read: text,
  },
  PRIVATE_KEY_PATH: { byDefault: null, meaning: 'a file with the private key', read: text },
  WEBHOOK_SECRET: {
    byDefault: null,
    meaning: 'as set on GitHub; required, since without it anybody could give orders',
    read: text,
  },
  WEBHOOK_SECRET_PREVIOUS: {
    byDefault: null,
    meaning:
      'accepted too, [while the secret is changed](guide/lost-webhooks.md#changing-the-webhook-secret)',
    read: text,
  },
  DATABASE_URL: {
    byDefault: null,
    meaning:
      'a PostgreSQL server that all processes share, `postgres://USER:PASSWORD@HOST/DATABASE`; without it, the database is embedded',
    read: address(['postgres://', 'postgresql://']),
  },
  SLUICE_DATA: {
    byDefault: 'sluice-data',
    meaning: 'folder of the embedded database, for one process; `/data` in the image',
    read: text,
  },
  PORT: { byDefault: '3000', meaning: 'takes webhooks, and answers `/healthz` and `/readyz`', read: port },
  HOST: { byDefault: '0.0.0.0', meaning: 'address that is listened on', read: text },
  SLUICE_METRICS_PORT: {
    byDefault: null,
    meaning:
      'answers `/metrics`, `/healthz` and `/readyz`; never the one that the internet reaches; none by default, `9090` in the image',
    read: port,
  },
  SLUICE_GRACE_S: {
    byDefault: '25',
    meaning:
      'seconds from `SIGTERM` to the end; what runs then is given back. Less than what the platform gives (Kubernetes: 30)',
    read: whole(1, 3_600),
  },
  LOG_LEVEL: {
    byDefault: 'info',
    meaning: LEVELS.map((level) => `\`${level}\``).join(', '),
    read: oneOf(LEVELS),
  },
  GITHUB_API_URL: {
    byDefault: null,
    meaning: 'REST API of a GitHub Enterprise Server, `https://HOST/api/v3`; GitHub itself by default',
    read: address(['https://', 'http://']),
  },
  SLUICE_RENDER: {
    byDefault: 'true',
    meaning: '`false`: promotions do not show [what they change](guide/what-changes.md) in the cluster',
    read: oneOf(['true', 'false']),
  },
  SLUICE_KUSTOMIZE: { byDefault: null, meaning: 'the kustomize or kubectl to render with', read: text },
  SLUICE_HELM: { byDefault: null, meaning: 'the helm to render with', read: text },
  SLUICE_HTTP_ALLOWED_HOSTS: {
    byDefault: null,
    meaning: 'what [`http` gates](gates/http.md#for-the-operator) may call; nothing by default',
    read: text,
  },
  SLUICE_HTTP_ALLOWED_ADDRESSES: {
    byDefault: null,
    meaning: 'addresses that they may call although they are not public',
    read: text,
  },
  SLUICE_HTTP_SECRET: { byDefault: null, meaning: 'signs what they post', read: text },
  SLUICE_HTTP_ALLOW_INSECURE: {
    byDefault: 'false',
    meaning: '`true`: they may call `http:`',
    read: oneOf(['true', 'false']),
  },
  SLUICE_NOTIFY_SECRET: {
    byDefault: null,
    meaning:
      'signs [what people are told](guide/notifications.md) as JSON; the addresses are in further variables `SLUICE_NOTIFY_*`',
    read: text,
  },
} as const satisfies Record<string, Variable>;

type Name = keyof typeof VARIABLES;
type Value<N extends Name> =
  | ReturnType<(typeof VARIABLES)[N]['read']>
  | ((typeof VARIABLES)[N]['byDefault'] extends null ? null : never);

/** All variables as they are meant. */
export type Variables = { readonly [N in Name]: Value<N> };

/**
 * Reads every variable. Empty is not set, as in most places where variables are kept.
 *
 * @throws one error for people with all that cannot be meant; what must be set is asked for where it is used
 */
export function readVariables(env: NodeJS.ProcessEnv): Variables {
  const problems: string[] = [];
  const entries = Object.entries<Variable>(VARIABLES).map(([name, { byDefault, read }]) => {
    const value = env[name] || byDefault;
    try {
      return [name, value === null ? null : read(value)];
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : error}`);
      return [name, null];
    }
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return Object.fromEntries(entries) as Variables;
}
