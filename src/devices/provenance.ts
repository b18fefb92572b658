/**
 * Where a number comes from: each leaf of a preset carries its value, unit, kind of origin and source, and a report
 * can print them all.
 *
 * @module
 */

/** Kind of origin: read in a publication, computed from such numbers, or chosen because nothing is published. */
export type Provenance = "published" | "derived" | "assumed";

/** A number with its unit and origin. */
export interface Quantity {
  /** The value, in {@link Quantity.unit}. */
  readonly value: number;
  /** Unit as written in a report; empty for a pure number. */
  readonly unit: string;
  /** Kind of origin. */
  readonly provenance: Provenance;
  /** Publication, computation or reason behind the value. */
  readonly source: string;
}

/** The plain numbers of a tree of {@link Quantity}. */
export type ValuesOf<T> = T extends Quantity ? number : { readonly [K in keyof T]: ValuesOf<T[K]> };

/** One line of {@link provenanceTable}. */
export interface ProvenanceRow extends Quantity {
  /** Path of the value in its preset, dots between keys. */
  readonly path: string;
}

/**
 * Makes a quantity read in a publication.
 *
 * @param value - the value
 * @param unit - its unit
 * @param source - the publication
 * @returns the quantity
 */
export function published(value: number, unit: string, source: string): Quantity {
  return { value, unit, provenance: "published", source };
}

/**
 * Makes a quantity computed from others.
 *
 * @param value - the value
 * @param unit - its unit
 * @param source - how it follows, and from what
 * @returns the quantity
 */
export function derived(value: number, unit: string, source: string): Quantity {
  return { value, unit, provenance: "derived", source };
}

/**
 * Makes a quantity that had to be chosen.
 *
 * @param value - the value
 * @param unit - its unit
 * @param source - why this value is plausible
 * @returns the quantity
 */
export function assumed(value: number, unit: string, source: string): Quantity {
  return { value, unit, provenance: "assumed", source };
}

function isQuantity(node: object): node is Quantity {
  return "provenance" in node;
}

/**
 * The numbers of a preset without their origins.
 *
 * @param tree - nested objects with a {@link Quantity} at each leaf
 * @returns the same tree with plain numbers at its leaves
 */
export function valuesOf<T extends object>(tree: T): ValuesOf<T> {
  if (isQuantity(tree)) return tree.value as ValuesOf<T>;
  return Object.fromEntries(Object.entries(tree).map(([key, node]) => [key, valuesOf(node as object)])) as ValuesOf<T>;
}

/**
 * Every value of a preset with its origin, in order.
 *
 * @param tree - nested objects with a {@link Quantity} at each leaf
 * @param path - prefix of the paths
 * @returns one row a value
 */
export function provenanceTable(tree: object, path: string = ""): ProvenanceRow[] {
  if (isQuantity(tree)) return [{ path, ...tree }];
  return Object.entries(tree).flatMap(([key, node]) =>
    provenanceTable(node as object, path === "" ? key : `${path}.${key}`),
  );
}
