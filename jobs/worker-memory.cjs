'use strict';

// Loaded by a worker before anything else. A process that may take more space for young objects tidies up more seldom,
// and what it has not tidied up yet grows to tens of megabytes, although a worker keeps hardly any of it: it passes
// bytes on. Node has an option for that only on its own command line.
require('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
