// The words of Azure Resource Manager where Azure Policy refuses a write: whether they speak of images, and which assignment refused.

/**
 * Whether the text says that Azure Policy refused a write, for whatever reason (error code `RequestDisallowedByPolicy`; Microsoft, "Troubleshoot
 * errors with using Azure Policy"). Nothing is pulled then, because the write never reaches the service.
 */
export function isAzurePolicy(text: string): boolean {
  return /\bRequestDisallowedByPolicy\b|\bwas disallowed by policy\b/i.test(text);
}

/**
 * The words of such a refusal that are about images or the registries that they come from: the field of the image itself, or a policy whose name or
 * reason allows some of them. A policy for registries as resources, or for the images of virtual machines, is about something else. What stands
 * before the words is not read, because it names the resource. Each refusal is read up to the next one, so that many of them cost no more than one.
 */
export const ofImages =
  /\b(?:disallowed by policy\b|RequestDisallowedByPolicy: Reasons?\b)(?:(?!\b(?:disallowed by policy\b|RequestDisallowedByPolicy: Reasons?\b))[^]){0,1000}?(?:containers(?:\[[^\]]{0,3}\])?\.image\b|(?:allow|approv|trust|permit|authori[sz]|whitelist|\bonly\b|restrict|block|forbid|public)[^"'/\\]{0,60}(?:(?<!(?:vm|machine|gallery|os|marketplace)[ -]?)images?\b|registr(?:y|ies)\b)|(?:(?<!(?:vm|machine|gallery|os|marketplace)[ -]?)\bimages?\b|registr(?:y|ies)\b(?! should\b))[^"'/\\]{0,60}(?:allow|approv|trust|permit|authori[sz]|restrict|forbid|\bonly\b|\bmust\b|\bshould\b))/i;

/** The assignment of a policy. Its name and scope are those of its id, in which nothing else can stand. */
export interface PolicyAssignment {
  readonly name: string;
  /** The management group, subscription or resource group. */
  readonly scope: string;
}

const assignmentId =
  /(\/providers\/Microsoft\.Management\/managementGroups\/[\w.()-]{1,90}|\/subscriptions\/[\da-f-]{36}(?:\/resourceGroups\/[\w.()-]{1,90})?)\/providers\/Microsoft\.Authorization\/policyAssignments\/([\w.-]{1,128})/i;

/** The first assignment that the text names by its id. */
export function policyAssignmentIn(text: string): PolicyAssignment | undefined {
  const [, scope, name] = assignmentId.exec(text) ?? [];
  return scope === undefined || name === undefined ? undefined : { scope, name };
}
