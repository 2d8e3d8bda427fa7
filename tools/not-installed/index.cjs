'use strict';
// Stands in for packages that a dependency names and that nothing here uses (docs/decisions/0005-quiet-installation.md says which and why).
// Azurite derives the tables of its SQL store from `Model` when it loads. Whatever else it asked for would be undefined, and the call fails.
exports.Model = class Model {};
