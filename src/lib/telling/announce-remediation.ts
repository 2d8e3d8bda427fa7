// News of a remediation goes into the outbox before its history has it, for every system that hears of remediations: that it was opened, what
// it asks, that it ended.

import type { IndexRow } from '../history/index-row.ts';
import type { Remediation } from '../history/state.ts';
import { routeQuestionOf } from '../incidents/remediation-facts.ts';
import type { RouteQuestion } from '../incidents/route.ts';
import { route } from '../incidents/route.ts';
import type { Config } from '../settings/config.ts';
import { hearsOfRemediations } from '../settings/incident-settings.ts';
import type { RemediationId, Target } from '../words/target.ts';
import { type Announcing, noteFor } from './announce.ts';

/**
 * Notes that a remediation is being opened. Nothing was looked at yet: a system whose routes ask for what is not known hears with the first
 * decision. The rest is as for {@link noteNews}.
 */
export function noteOpening(
  ports: Announcing,
  config: Config,
  { remediation, seq }: Pick<IndexRow, 'remediation' | 'seq'>,
  target: Target,
): Promise<readonly string[]> {
  return noteRemediation(ports, config, {
    remediation,
    seq,
    about: routeQuestionOf({ target }, ports.now()),
    opening: true,
  });
}

/**
 * Notes that the remediation has news with its entry of this number: what it asks, that it ended, or that more is known of it than when it was
 * opened. Returns the systems that are to be sent a message. A system that heard of a remediation once hears of its end, whatever the
 * routes say by then. Costs nothing where no system hears of remediations. Throws when the store cannot be reached.
 */
export function noteNews(
  ports: Announcing,
  config: Config,
  remediation: Remediation,
  seq: number,
): Promise<readonly string[]> {
  return noteRemediation(ports, config, {
    remediation: remediation.id,
    seq,
    about: routeQuestionOf(remediation, ports.now()),
  });
}

interface News {
  readonly remediation: RemediationId;
  readonly seq: number;
  readonly about: RouteQuestion;
  readonly opening?: true;
}

async function noteRemediation(
  ports: Announcing,
  config: Config,
  { remediation, seq, about, opening }: News,
): Promise<readonly string[]> {
  const { incidents } = config.settings;
  const hears = (name: string): boolean => hearsOfRemediations(incidents.systems, name);
  if (!Object.keys(incidents.systems).some(hears)) return [];
  // A remediation that is being opened has no row, unless a host died while it opened it.
  const rows = opening === true ? [] : await ports.outbox.of(remediation);
  const { to, undecided = [] } = route(incidents, config.mode, about);
  const wanted = opening === true && undecided.length > 0 ? [] : to.filter(hears);
  return noteFor(ports, { about: remediation, seq }, rows, wanted);
}
