// A remediation on its way to a system for programs: that it was opened, what it asks, and that it ended.

import type { Remediation } from '../history/state.ts';
import { tryReadTarget } from '../history/targets.ts';
import { nextRemediationCall } from '../incidents/next-remediation-call.ts';
import type { Begun } from '../incidents/outbox.ts';
import { openQuestion, questionFactsOf, remediationFacts } from '../incidents/remediation-facts.ts';
import type { IncidentSystem, RemediationTelling, Told } from '../incidents/system.ts';
import type { Clock, EventLog, Histories } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import { parseRemediationId, type RemediationId } from '../words/target.ts';
import type { Matter } from './matter.ts';

/**
 * The remediation as it reads now. `never-opened`: its history does not have it, because a host died before it wrote the first entry.
 * `undefined`, and a line in the log, where the history cannot be read. Throws when the store does not answer.
 */
export async function readRemediationMatter(
  ports: Clock & Histories & EventLog,
  config: Config,
  system: IncidentSystem,
  id: RemediationId,
): Promise<Matter | 'never-opened' | undefined> {
  const target = parseRemediationId(id)?.target;
  if (target === undefined) return 'never-opened';
  const read = await tryReadTarget(ports, target);
  if (!read.read) {
    ports.log('history-unreadable', { remediation: id, why: read.why });
    return undefined;
  }
  const remediation = read.history.remediations.find((one) => one.id === id);
  if (remediation === undefined) return 'never-opened';
  return {
    lastSeq: read.history.lastSeq,
    next: (row, nowMs) => nextRemediationCall(row, remediation, nowMs),
    // It opens once and ends once, so each call has one name for ever, and a receiver can tell every repetition.
    deliveryOf: (call) => `${keyOfRemediation(id)}.${'question' in call ? `asks.${numberOf(call.question)}` : call.do}`,
    make: (_row, begun) => make(ports, config, system, remediation, begun),
    askedAfter: (asked, call) => ('question' in call ? { ...asked, [call.question]: call.stage } : asked),
  };
}

/** The name of a remediation in every system. */
function keyOfRemediation(id: RemediationId): string {
  return `pullmedic-${id}`;
}

async function make(
  ports: Clock,
  config: Config,
  system: IncidentSystem,
  remediation: Remediation,
  { call, delivery, atMs, again, receipt }: Begun,
): Promise<Told> {
  if (receipt !== undefined && system.settle !== undefined) return system.settle(receipt);
  const places = config.settings.incidents;
  const facts = remediationFacts(remediation, places);
  const telling = { key: keyOfRemediation(remediation.id), delivery, atMs, again, facts };
  const said = (more: Pick<RemediationTelling, 'says' | 'question'>): Promise<Told> =>
    system.remediation?.({ ...telling, ...more }) ?? Promise.resolve({ kind: 'told' });
  if (call.do === 'open') return said({ says: 'opened' });
  if (call.do === 'resolve') return said({ says: 'closed' });
  const question = openQuestion(remediation, ports.now());
  if (question === undefined) return { kind: 'told' };
  return said({ says: 'asks', question: questionFactsOf(question, facts.appName, places) });
}

/** The number of a question, from its key in the outbox. */
function numberOf(key: string): string {
  return key.slice(key.lastIndexOf('-') + 1);
}
