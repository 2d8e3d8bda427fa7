// The page for those who run it can be followed: its commands parse, and what it names is there. What needs Azure is only read.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readOptions } from '../../local/demo/options.ts';
import { exitCodes } from '../../src/cli/verdict.ts';

const page = readFileSync('docs/operations.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');

/** Lines of code blocks: indented by four (three in a list), or fenced; continued lines are one. */
function codeOf(text: string): string[] {
  return text
    .replace(/\s*\\\n\s+/g, ' ')
    .split('\n')
    .flatMap((line) => /^ {3,}(\S.*)$/.exec(line)?.[1] ?? [])
    .map((line) => line.replace(/\s+#.*$/, ''));
}
const code = codeOf(page);
const readmeCode = codeOf(readme);
const spans = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '');
const remediation = `t${'0'.repeat(24)}.1`;
const letter = `d${'0'.repeat(24)}`;
const app =
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-walk';
/** Nothing listens here: a command that parses gets as far as asking, and says that nobody answers. */
const nowhere = 'http://127.0.0.1:1';

/** The words of a command as a shell splits them, with the places of the page filled in. */
function wordsOf(command: string): string[] {
  const id = /\b(?:dismiss|--id)\b/.test(command) ? letter : remediation;
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return words.map((word) => {
    if (word === 'ID') return id;
    if (word === 'https://HOST') return nowhere;
    if (word === '{}') return 'test/fixtures/signals/log-alert-v2-fired.doc.json';
    return word.startsWith('/subscriptions/…') ? app : word;
  });
}

function pullmedic(args: readonly string[]): { status: number | null; error: string } {
  const { status, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], PULLMEDIC_KEY: 'a-key-of-nobody-at-all' },
  });
  return { status, error: stderr };
}

const commands = [
  ...new Set(
    [...code, ...spans].flatMap(
      (text) => /(?:^|exec tools\/)pullmedic(?:\.cjs)? ((?:[a-z-]+) .*--url .*?)(?: \\;)?$/.exec(text)?.[1] ?? [],
    ),
  ),
];

describe('the commands of the page', () => {
  it('name every command of a deployed pullmedic', () => {
    const asked = new Set(commands.map((command) => command.split(' ')[0]));
    expect(asked).toEqual(
      new Set([
        'approve',
        'ask',
        'dismiss',
        'doctor',
        'forget-refusal',
        'health',
        'history',
        'kill-switch',
        'look',
        'reject',
        'replay',
        'report',
        'show',
        'undo',
      ]),
    );
  });

  it.each(commands)('pullmedic %s is one that the command line takes', (command) => {
    const { status, error } = pullmedic(wordsOf(command));

    expect(error).toContain('does not answer');
    expect(status).toBe(1);
  });

  it('and one that it would not take is told from them', () => {
    expect(pullmedic(['kill-switch', 'perhaps', '--url', nowhere, '--by', 'x']).status).toBe(2);
    expect(pullmedic(['stop', '--url', nowhere]).status).toBe(2);
  });

  it('start the local app with options that it has, and files that are there', () => {
    const starts = [...code, ...spans, ...readmeCode].flatMap((line) => /^npm start -- (.*)$/.exec(line)?.[1] ?? []);
    expect(starts.length).toBeGreaterThan(4);
    for (const start of starts) {
      const words = start.split(/, | /);
      const args = words.map((word, at) => (word === 'N' ? (words[at - 1] === '--port' ? '7071' : '60') : word));

      expect(args.filter((word) => word.endsWith('.yaml') && !existsSync(word))).toEqual([]);
      expect(readOptions(args, {}).help).toBe(false);
    }
  });

  it('run scripts of the project', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = [...page.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name ?? '');

    expect(named).not.toEqual([]);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('call the script of the sign-in as it wants to be called', () => {
    const calls = code.filter((line) => line.startsWith('infra/sign-in.sh'));

    expect(calls).not.toEqual([]);
    for (const call of calls) {
      const words = wordsOf(call);
      expect(readFileSync('infra/sign-in.sh', 'utf8')).toContain(`'${words[1]} ${words.length - 1}')`);
    }
  });
});

describe('the exit codes', () => {
  const rows = page.slice(page.indexOf('### Exit codes'), page.indexOf('## Try it')).replace(/\s+/g, ' ');

  it('are those that the command line has', () => {
    expect(Object.values(exitCodes).filter((code) => !new RegExp(`\\b${code}\\b`).test(rows))).toEqual([]);
    const help = execFileSync(process.execPath, ['src/cli/main.ts', 'help', 'diagnose'], { encoding: 'utf8' }).replace(
      / +/g,
      ' ',
    );
    for (const sentence of ['10 identity or role', '11 network', '12 image', '13 registry', '14 deployment'])
      for (const text of [help, rows]) expect(text).toContain(sentence);
  });
});

describe('queries of az', () => {
  const queries = [...page.matchAll(/--query ("[^"]+"|'[^']+'|\S+)/g)].map(([, text]) => text ?? '');

  it('are not changed by an interactive shell, and bear a member that is null', () => {
    expect(queries.length).toBeGreaterThan(4);
    // In double quotes an interactive bash takes an exclamation mark for its history.
    expect(queries.filter((query) => query.startsWith('"') && query.includes('!'))).toEqual([]);
    // Role assignments without a description have null there, and contains(null, …) is an error.
    expect(queries.filter((query) => query.includes('(description') && !query.includes('[?description &&'))).toEqual(
      [],
    );
  });

  it('find the assignments that let it change something, and no other', () => {
    const [query = ''] = queries.filter((text) => text.includes('(description'));
    const wanted = [...query.matchAll(/contains\(description, '([^']+)'\)/g)].map(([, text]) => text ?? '');
    const templates = [
      'infra/permissions.bicep',
      ...readdirSync('infra/modules').map((file) => `infra/modules/${file}`),
    ];
    const said = templates.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ +description: '(pullmedic [^']+)'/gm)].map(([, text]) => text ?? ''),
    );

    expect(said.length).toBeGreaterThan(4);
    expect(said.filter((text) => !wanted.some((start) => text.includes(start))).toSorted()).toEqual([
      'pullmedic asks this registry whether an image exists.',
      'pullmedic publishes events of incidents to this topic.',
      'pullmedic reads the evidence.',
      'pullmedic reads the secret of an incident system.',
    ]);
  });
});

describe('what the page names', () => {
  const source = readdirSync('src/functions')
    .map((file) => readFileSync(`src/functions/${file}`, 'utf8'))
    .join('\n');

  it('routes that are there', () => {
    const routes = [...source.matchAll(/'((?:[a-z-]+)(?:\/[a-z{}-]+)*)'/g)].map(([, route]) => route ?? '');
    const named = [...new Set([...page.matchAll(/\/api\/([\w/-]+)/g)].map(([, route]) => route ?? ''))];

    expect(named).not.toEqual([]);
    expect(named.filter((route) => !routes.includes(route.replace(/\/ID(?=\/|$)/, '/{id}')))).toEqual([]);
  });

  it('functions that are there', () => {
    const named = [...new Set(spans.filter((text) => /^on-[a-z]+$/.test(text)))];

    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });

  it('settings that the app or a tool reads', () => {
    const files = [
      'src/lib/settings/config.ts',
      'src/start.ts',
      'src/lib/settings/caller-sign-in.ts',
      'src/cli/deployed.ts',
      'infra/main.bicepparam',
      'infra/main.bicep',
    ];
    const read = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const named = [
      ...new Set([...page.matchAll(/\b((?:PULLMEDIC|WEBSITE)_[A-Z_]+)\b/g)].map(([, name]) => name ?? '')),
    ];

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !read.includes(name))).toEqual([]);
  });

  it('guards that are there', () => {
    const guards = ['change-guards', 'grant-guards', 'grant-identity-guards']
      .map((file) => readFileSync(`src/lib/decision/${file}.ts`, 'utf8'))
      .join('\n');
    for (const name of ['mode', 'consumer-not-listed', 'registry-not-opted-in', 'network'])
      expect([page.includes(`\`${name}\``), guards.includes(`'${name}'`)]).toEqual([true, true]);
  });

  it('alerts by the words that the alerts have', () => {
    const alerts = ['self-watch', 'people']
      .map((name) => readFileSync(`infra/modules/${name}.bicep`, 'utf8'))
      .join('\n');
    const named = [...page.matchAll(/^- \*\*alert: ([^*]+)\*\*$/gm)].map(([, words]) => words ?? '');

    expect(named).toHaveLength(4);
    for (const words of named)
      expect(alerts).toContain(words.replace('a message failed', 'a message of pullmedic failed'));
  });

  it('alerts that read nothing that telemetry may leave out by sampling', () => {
    const kept = /"excludedTypes": "([^"]+)"/.exec(readFileSync('host.json', 'utf8'))?.[1]?.split(';') ?? [];
    const queries = ['heartbeat', 'poison', 'stopped'].map((name) => readFileSync(`infra/queries/${name}.kql`, 'utf8'));
    const tables = queries.map((query) => /^App(\w+)s\b/.exec(query)?.[1] ?? query);

    expect(tables).toEqual(['Request', 'Trace', 'Trace']);
    expect(tables.filter((table) => !kept.includes(table))).toEqual([]);
  });

  it('sentences that the command line says, of its own or as the app answers them', () => {
    const files = ['src/cli/deployed.ts', 'src/functions/operator-route.ts'];
    const deployed = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const named = [...page.matchAll(/`pullmedic` says "([^"]+)"/g)].map(([, words]) => words ?? '');

    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((words) => !deployed.includes(words))).toEqual([]);
  });

  it('each member of health', () => {
    const interfaceText =
      /export interface Health \{([^]*?)\n\}/.exec(readFileSync('src/lib/console/health.ts', 'utf8'))?.[1] ?? '';
    const members = [...interfaceText.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name ?? '');

    expect(members.length).toBeGreaterThan(6);
    expect(
      members.filter((name) => !['well', 'killSwitchSet'].includes(name) && !page.includes(`\n- **\`${name}\`**\n`)),
    ).toEqual([]);
  });

  it('the example to be answered by hand, in which nobody else answers', () => {
    const { events, pullmedic: set } = parse(readFileSync('docs/examples/by-hand.yaml', 'utf8')) as {
      events?: unknown;
      pullmedic: { mode: string; settings: { undo: boolean } };
    };

    expect(events).toBeUndefined();
    expect(set).toMatchObject({ mode: 'approve', settings: { undo: true } });
  });
});

describe('the costs', () => {
  const number = (text: string | undefined): number => Number((text ?? '').replace(/[,$]/g, ''));
  const row = (name: string): string => page.split('\n').find((line) => line.startsWith(`| ${name}`)) ?? '';
  const cost = (name: string): number => number(/\$([\d.]+)\**\s*\|$/.exec(row(name))?.[1]);
  const counted = /took (\d+) looks, (\d+) requests to Azure/.exec(page);
  const [looks, requests] = [number(counted?.[1]), number(counted?.[2])];
  const close = (said: number, is: number): void => expect(Math.abs(said - is)).toBeLessThan(0.0051);

  it('of a remediation follow from what was counted', () => {
    const executions = (looks + 4) * 1000;
    expect(row('executions')).toContain(executions.toLocaleString('en'));
    expect(row('compute')).toContain((executions * 4).toLocaleString('en'));
    expect(row('storage')).toContain((looks * 15 * 1000).toLocaleString('en'));
    expect(row('requests to Azure')).toContain((requests * 1000).toLocaleString('en'));
    close(cost('executions'), (executions * 0.4) / 1e6);
    close(cost('compute'), executions * 4 * 0.000026);
    close(cost('storage'), (looks * 15 * 1000 * 0.004) / 1e4);
    close(cost('telemetry'), 0.08 * 2.76);
    const sum = ['executions', 'compute', 'storage', 'telemetry'].reduce((all, name) => all + cost(name), 0);
    expect(Math.abs(cost('**sum**') - sum)).toBeLessThan(0.05);
  });

  it('of a month follow from the timers and the queues that there are', () => {
    const minute = 60 * 24 * 30;
    const timers = readdirSync('src/functions').flatMap((file) =>
      [...readFileSync(`src/functions/${file}`, 'utf8').matchAll(/schedule: '\d+ (\S+) \* \* \* \*'/g)].map(
        ([, every]) => (every === '*' ? minute : minute / number(every?.replace('*/', ''))),
      ),
    );
    const executions = timers.reduce((all, one) => all + one, 0);
    expect(row('timers')).toContain(executions.toLocaleString('en'));
    expect(row('timers')).toContain((executions * 2).toLocaleString('en'));
    close(number(/\$([\d.]+) to/.exec(row('timers'))?.[1]), (executions * 2 - 100_000) * 0.000026);
    close(cost('timers'), executions * 2 * 0.000026 + (executions * 0.4) / 1e6);

    const triggers = readdirSync('src/functions').filter((file) =>
      readFileSync(`src/functions/${file}`, 'utf8').includes('queueName:'),
    );
    const polls = (triggers.length * minute * 60) / 5;
    expect(row('polling of queues')).toContain(polls.toLocaleString('en'));
    close(cost('polling of queues'), ((polls + 400_000) * 0.004) / 1e4);
  });
});
