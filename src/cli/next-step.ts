// The runbook and the command for a reader who has only the text of a log. They name what the text names; the rest are words in capitals.
import type { Label, Suspicion } from '../lib/classify/classify.ts';
import { wordOr } from '../lib/runbooks/runbook.ts';
import { parseImageRef } from '../lib/words/image-ref.ts';
import type { Origin } from './columns.ts';

export interface NextStep {
  /** The page of the most likely cause, from the root of the repository. */
  readonly runbook: string;
  /** A command that reads what the page asks about, or that repairs where nothing has to be asked. */
  readonly command: string;
}

/** What to read and to run next; `undefined` where the text is not about a pull by an app. */
export function nextStep(suspicion: Suspicion, of: Origin = {}): NextStep | undefined {
  const step = suspicion.refused === undefined ? steps[suspicion.label] : undefined;
  return step === undefined ? undefined : stepOf(step, wordsOf(suspicion, of));
}

function stepOf({ page, command }: Step, words: Words): NextStep {
  return { runbook: `docs/runbooks/${typeof page === 'string' ? page : page(words)}.md`, command: command(words) };
}

/** The words of a command, each safe for a shell. A text is no source for anything else. */
interface Words {
  /** `--name APP --resource-group GROUP`. */
  readonly app: string;
  /** The name of the registry in Azure; `undefined` where the text names another kind of registry. */
  readonly acr: string | undefined;
  readonly host: string;
  readonly repository: string;
  readonly image: string;
}

function wordsOf({ image, registry }: Suspicion, of: Origin): Words {
  const parsed = image === undefined ? undefined : parseImageRef(image);
  const app = of.app !== undefined && /^[a-z][a-z0-9-]{0,62}$/.test(of.app) ? of.app : 'APP';
  const host =
    registry !== undefined && /^[a-z0-9][a-z0-9.-]{0,253}(?::\d{1,5})?$/.test(registry) ? registry : undefined;
  // A registry with a domain name label has its hash behind its name.
  const ofAzure = /^([a-z0-9]{5,50})(?:-[a-z0-9]{4,24})?\.azurecr\.(?:io|cn|us)$/.exec(host ?? '')?.[1];
  return {
    app: `--name ${app} --resource-group GROUP`,
    acr: ofAzure ?? (host === undefined ? 'REGISTRY' : undefined),
    host: wordOr(host, 'REGISTRY'),
    repository: wordOr(parsed?.repository, 'REPOSITORY'),
    image: wordOr(parsed === undefined ? undefined : image, 'IMAGE'),
  };
}

interface Step {
  /** Where another page holds for a registry that is not Azure's, the words tell. */
  readonly page: string | ((words: Words) => string);
  readonly command: (words: Words) => string;
}

const readApp = ({ app }: Words): string => `az containerapp show ${app} --query properties.configuration.registries`;

/** A label has one step: the page of the cause that stands behind it most often. */
const steps: Readonly<Record<Label, Step | undefined>> = {
  unauthorized: {
    page: ({ acr }) => (acr === undefined ? 'credential-rejected' : 'pull-role-missing'),
    command: (words) =>
      words.acr === undefined || words.host === 'REGISTRY'
        ? readApp(words)
        : `az role assignment list --scope "$(az acr show --name ${words.acr} --query id --output tsv)" --include-inherited --output table`,
  },
  'identity-token': {
    page: 'identity-not-assigned',
    command: ({ app }) => `az containerapp identity show ${app}`,
  },
  'manifest-unknown': {
    page: 'tag-missing',
    command: ({ acr, repository, image }) =>
      acr === undefined
        ? `docker manifest inspect ${image}`
        : `az acr repository show-tags --name ${acr} --repository ${repository} --orderby time_desc --output table`,
  },
  dns: { page: 'name-wrong', command: ({ host }) => `nslookup ${host}` },
  network: {
    page: 'egress-blocked',
    command: () =>
      'az containerapp env show --name ENVIRONMENT --resource-group GROUP --query properties.vnetConfiguration',
  },
  firewall: {
    page: 'registry-firewall',
    command: (words) => (words.acr === undefined ? readApp(words) : `az acr network-rule list --name ${words.acr}`),
  },
  'rate-limited': {
    page: 'rate-limited',
    command: ({ acr, host, image }) =>
      acr === undefined || host === 'REGISTRY'
        ? `az acr import --name REGISTRY --source ${image}`
        : `az acr cache list --registry ${acr} --output table`,
  },
  'registry-unavailable': {
    page: 'registry-unavailable',
    command: ({ acr, host }) =>
      acr === undefined ? `curl --include https://${host}/v2/` : `az acr check-health --name ${acr} --yes`,
  },
  tls: { page: 'tls-untrusted', command: ({ host }) => `openssl s_client -connect ${withPort(host)}` },
  'platform-mismatch': {
    page: 'platform-mismatch',
    command: ({ image }) => `docker manifest inspect --verbose ${image}`,
  },
  'invalid-reference': {
    page: 'reference-invalid',
    command: ({ app }) => `az containerapp update ${app} --image REGISTRY/REPOSITORY:TAG`,
  },
  'image-invalid': {
    page: 'image-invalid',
    command: ({ image }) => `docker manifest inspect --verbose ${image}`,
  },
  'refused-by-policy': { page: 'refused-by-policy', command: readApp },
  'no-space': {
    page: 'no-space',
    command: ({ acr, repository, image }) =>
      acr === undefined
        ? `docker manifest inspect --verbose ${image}`
        : `az acr manifest list-metadata --registry ${acr} --name ${repository} --orderby time_desc --top 5`,
  },
  'unknown-pull-failure': { page: 'unexplained', command: () => 'pullmedic diagnose --app ID' },
  'not-a-pull-failure': undefined,
};

function withPort(host: string): string {
  return host.includes(':') ? host : `${host}:443`;
}
