// What the terminal shows: progress while scenarios run, and the table at the end. Text from logs is never passed through raw.
import type { Histories, Remediation } from './answers.ts';
import type { Told } from './told.ts';

/** Control characters, escape sequences and direction marks could rewrite the terminal: they are shown as a question mark. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

function doing({ decision, refusals }: Remediation): string {
  if (decision === undefined) return 'looking';
  switch (decision.do) {
    case 'grant':
      return 'grants the pull role';
    case 'restart':
      return 'restarts the revision';
    case 'new-revision':
      return 'asks for a new revision of the same template';
    case 'wait':
      return `waits (${decision.because})`;
    case 'ask':
      return `asks for approval (${refusals.join(', ')})`;
    case 'incident':
      return refusals.length > 0 ? `asks a person: withheld by ${refusals.join(', ')}` : 'asks a person';
    default:
      return `closes (${decision.because})`;
  }
}

/** One remediation in one line of plain words. */
export function sayRemediation(one: Remediation): string {
  const suspected = one.suspicion === undefined ? 'nothing read yet' : `log says ${one.suspicion}`;
  const proved = one.causes.length === 0 ? '' : `; ${one.causes.join(' + ')} (${one.sureness ?? ''})`;
  const done =
    one.actions.length === 0 ? '' : `; ${one.actions.map(({ action, outcome }) => `${action} ${outcome}`).join(', ')}`;
  const now = one.closed === undefined ? doing(one) : `closed: ${one.closed.how} (${one.closed.because})`;
  return plain(`${one.target.appName}: ${suspected}${proved}${done}; ${now}`);
}

/** Prints a line whenever what a scenario's remediations say has changed. */
export function progress(print: (line: string) => void): (name: string, histories: Histories) => void {
  const last = new Map<string, string>();
  return (name, histories) => {
    for (const one of [...histories.remediations].reverse()) {
      const said = sayRemediation(one);
      // Two scenarios may have the same app, and so the same remediation.
      const key = `${name} ${one.id}`;
      if (last.get(key) === said) continue;
      last.set(key, said);
      print(`[${new Date(one.updatedAtMs).toISOString().slice(11, 19)}] ${name}  ${said}`);
    }
  };
}

function incidentWord(one: Remediation, histories: Histories): string {
  return histories.incidents.find((incident) => incident.id === one.incident)?.state ?? '-';
}

function times({ times: { failedAtMs, detectedAtMs, diagnosedAtMs, recoveredAtMs } }: Remediation): string {
  const from = failedAtMs ?? detectedAtMs;
  return [detectedAtMs, diagnosedAtMs, recoveredAtMs]
    .map((atMs) => (atMs === undefined ? '-' : duration(Math.max(0, atMs - from))))
    .join(' / ');
}

function row(told: Told, one: Remediation): string[] {
  const actions = one.actions.map(({ action, outcome }) => `${action} ${outcome}`).join(', ') || 'none';
  const cause = one.causes.join(' + ') || (one.closed?.because ?? '-');
  return [
    told.scenario.name,
    `${one.startedBy}${one.signals > 1 ? ` +${one.signals - 1}` : ''}`,
    cause,
    one.sureness ?? '-',
    actions,
    incidentWord(one, told.histories),
    times(one),
    told.failures.length === 0 ? 'as expected' : 'NOT as expected',
  ];
}

const head = [
  'scenario',
  'started by',
  'cause',
  'sure',
  'actions',
  'incident',
  'detect / diagnose / recover',
  'result',
];

/** The table at the end. */
export function table(all: readonly Told[]): string {
  const none = (told: Told): string[] => [
    told.scenario.name,
    '-',
    '-',
    '-',
    'none',
    '-',
    '-',
    told.failures.length === 0 ? 'as expected' : 'NOT as expected',
  ];
  const rows = all.flatMap((told) =>
    told.histories.remediations.length === 0 ? [none(told)] : told.histories.remediations.map((one) => row(told, one)),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map((cells) => line(cells.map(plain))),
  ].join('\n');
}

/** Every expectation that did not hold. */
export function failures(all: readonly Told[]): string {
  return all
    .flatMap((told) =>
      told.failures.map(({ what, expected, seen }) =>
        plain(`${told.scenario.name}: ${what}: expected ${expected}; seen ${seen}`),
      ),
    )
    .join('\n');
}
