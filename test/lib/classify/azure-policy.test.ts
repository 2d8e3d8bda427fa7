// What Azure Policy says when it refuses a write, and whether that is about images.
import { describe, expect, it } from 'vitest';
import { isAzurePolicy, policyAssignmentIn } from '../../../src/lib/classify/azure-policy.ts';
import { readBy } from './read-by.ts';

const corp = '/providers/Microsoft.Management/managementGroups/lz-corp/providers/Microsoft.Authorization';
const subscription = '/subscriptions/11111111-2222-3333-4444-555555555555';

/** The message of Azure Resource Manager for one assignment of this name. */
function refusalBy(name: string, resource = 'ca-orders', id = 'a1b2c3d4'): string {
  return `Resource '${resource}' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"${name}","id":"${corp}/policyAssignments/${id}"},"policyDefinition":{"name":"${name}","id":"${corp}/policyDefinitions/${id}"}}]'.`;
}

describe('a refusal of Azure Policy', () => {
  it.each([
    refusalBy('Allowed container registries'),
    refusalBy('Container Apps should only use images from allowed registries'),
    refusalBy('Container images must come from the corporate registry'),
    refusalBy('Deny public registries'),
    refusalBy('5f1c7a90', 'ca-orders', 'aca-allowed-registries'),
    `RequestDisallowedByPolicy: Resource 'ca-orders' was disallowed by policy. Reasons: 'Only images of acrcorp.azurecr.io are allowed.'. See error details for policy resource IDs.`,
    `${refusalBy('5f1c7a90')} additionalInfo: [{"type":"PolicyViolation","info":{"evaluationDetails":{"evaluatedExpressions":[{"result":"False","expressionKind":"Field","expression":"Microsoft.App/containerApps/template.containers[*].image","path":"properties.template.containers[0].image","expressionValue":"docker.io/library/nginx:1.25"}]}}}]`,
    refusalBy('Allowed container registries').replaceAll('"', String.raw`\"`),
  ])('is about images: %s', (text) => {
    expect(readBy(text)).toBe('refused-by-policy: policy-of-azure');
  });

  it.each([
    refusalBy('Require a tag on resources'),
    refusalBy('Allowed locations'),
    refusalBy('Container Apps should only be accessible over HTTPS'),
    refusalBy('Managed Identity should be enabled for Container Apps'),
    refusalBy('Container registries should not allow unrestricted network access', 'acrshop'),
    refusalBy('Only approved VM images'),
    refusalBy('Allowed virtual machine images'),
    refusalBy('Require a tag on resources', 'only-allowed-images-of-the-registry'),
    'Access to the image gallery was disallowed by policy of the school.',
  ])('is about something else: %s', (text) => {
    expect(readBy(text)).toContain('not-a-pull-failure');
  });

  it('is known by its code or by its sentence', () => {
    expect(isAzurePolicy('Code: RequestDisallowedByPolicy')).toBe(true);
    expect(isAzurePolicy(refusalBy('Allowed locations'))).toBe(true);
    expect(isAzurePolicy('the request was disallowed by the policy of the queue')).toBe(false);
  });
});

describe('the assignment that refused', () => {
  it.each([
    [refusalBy('x', 'y', 'aca-allowed'), '/providers/Microsoft.Management/managementGroups/lz-corp', 'aca-allowed'],
    [
      `id: ${subscription}/resourceGroups/rg-apps/providers/Microsoft.Authorization/policyAssignments/images`,
      `${subscription}/resourceGroups/rg-apps`,
      'images',
    ],
    [`${subscription}/providers/Microsoft.Authorization/policyAssignments/images`, subscription, 'images'],
  ])('is named by its id: %s', (text, scope, name) => {
    expect(policyAssignmentIn(text)).toEqual({ scope, name });
  });

  it('is not known where no id of an assignment stands, or one with other characters', () => {
    expect(policyAssignmentIn("Reasons: 'Only our images.'")).toBeUndefined();
    expect(policyAssignmentIn('/subscriptions/$(id)/providers/Microsoft.Authorization/policyAssignments/x')).toBe(
      undefined,
    );
  });
});
