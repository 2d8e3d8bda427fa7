// The table of all kinds of workloads, and which of them a resource id means. A new kind is one more folder of this room and one more entry.

import { type ArmId, isOfType, parseArmId } from '../words/arm-id.ts';
import { containerApp } from './container-app/container-app.ts';
import { containerGroup } from './container-group/container-group.ts';
import { job } from './job/job.ts';
import type { Workload, WorkloadKind } from './workload.ts';

/** Every kind that pullmedic knows. */
export const workloads = {
  'container-app': containerApp,
  job,
  'container-group': containerGroup,
} as const satisfies { readonly [Kind in WorkloadKind]: Workload & { readonly kind: Kind } };

/** The names of the kinds, as messages have them. */
export const workloadKinds = Object.keys(workloads) as readonly WorkloadKind[];

/** The kinds, as a list. */
export const workloadList: readonly Workload[] = Object.values(workloads);

/** The kind of this resource; `undefined` for a resource of any other type. */
export function workloadOf(id: ArmId): Workload | undefined {
  return workloadList.find(({ type }) => isOfType(id, type));
}

/** The workload that the id is, or is a part of, such as the app of a revision. */
export function workloadIn(id: ArmId): ArmId | undefined {
  const parents = workloadList.flatMap(({ type }) => {
    // A resource group may be called like a type, so the type is found by its provider.
    const before = `/providers/${type}/`;
    const at = id.indexOf(before);
    const [name = ''] = at < 0 ? [] : id.slice(at + before.length).split('/');
    return name === '' ? [] : (id.slice(0, at + before.length + name.length) as ArmId);
  });
  return parents[0];
}

/**
 * The kind of what a remediation, a message or a probe is about. Its id was checked as it arrived, and those of the first versions were all
 * of apps, so that an id of no known kind is read as one.
 */
export function kindOf(id: ArmId): Workload {
  return workloadOf(id) ?? workloads[unnamedKind];
}

/** What is meant where a message names no kind: the first versions knew only apps, and wrote none. */
export const unnamedKind = 'container-app' satisfies WorkloadKind;

/** The kind as a message names it; nothing for the one that needs no name. */
export function named(kind: WorkloadKind): { readonly workload?: WorkloadKind } {
  return kind === unnamedKind ? {} : { workload: kind };
}

/** The workload whose write this operation is; `undefined` for any other operation. Any case. */
export function writtenBy(operation: string | null | undefined): Workload | undefined {
  return workloadList.find(({ write }) => write === operation?.toLowerCase());
}

/** Reads the resource id of a workload of a known kind; `undefined` for anything else. {@link kindsInWords} says what is accepted. */
export function parseWorkloadId(text: string): ArmId | undefined {
  const id = parseArmId(text);
  return id === undefined || workloadOf(id) === undefined ? undefined : id;
}

/** What is accepted where a workload is asked for, as in "the resource id of a container app". */
export const kindsInWords = anyOf(workloadList.map(({ words }) => `a ${words.full}`));
/** What those ids look like. */
export const idsInWords = anyOf(workloadList.map(({ words }) => words.id));

function anyOf(names: readonly string[]): string {
  return names.join(', ').replace(/, (?!.*, )/, ' or ');
}
