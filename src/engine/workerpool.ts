/**
 * The library behind all workers. The build replaces the compiled file by a bundle of the library that runs in Node and
 * in browsers alike, see bundle.mjs: as published it asks for Node's modules in a way that stops bundlers.
 *
 * @module
 */
import workerpool from "workerpool";

export default workerpool;
