// The only part of the sign-in library that the function app uses. A file of its own, so that the bundle holds no other part.
export { ManagedIdentityCredential } from '@azure/identity';
