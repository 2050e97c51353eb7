// The whole command, a bundle of its own: see start.ts.
export { accessTo, runCommandLine } from './commandLine';
