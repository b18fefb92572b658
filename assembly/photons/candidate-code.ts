// What an alias table says of a candidate, packed into one word:
//
//   bits  0- 7  tally cell of the setting pair and outcome: (alice * 5 + bob) * 3 + outcome, outcome 0 L, 1 R, 2 both
//   bits  8-15  Alice's setting        bits 16-23  Bob's setting
//   bits 24-31  flags

/** Detectors that clicked. */
export const CLICK_L: u32 = 1 << 24;
export const CLICK_R: u32 = 2 << 24;
/** Light leaked into a neighbouring slot; what clicked must be drawn with the phase. */
export const WITH_LEAK: u32 = 4 << 24;
/** Whether anything clicked, and what, must be drawn with the phase. */
export const WITH_PHASE: u32 = 8 << 24;
/** Both windows X: the phases are announced. */
export const BOTH_X: u32 = 16 << 24;
/** Both windows Z: the settings are raw bits. */
export const BOTH_Z: u32 = 32 << 24;

/** What must not be set for the outcome to be known from the code alone. */
export const NEEDS_CARE: u32 = (4 + 8 + 16) << 24;

/** The first setting code of the X window. */
export const FIRST_X: u32 = 2;

/** Code of a setting pair without clicks. */
export function pairCode(alice: u32, bob: u32): u32 {
  let code = (alice * 5 + bob) * 3;
  code |= (alice << 8) | (bob << 16);
  if (alice >= FIRST_X && bob >= FIRST_X) code |= BOTH_X;
  if (alice < FIRST_X && bob < FIRST_X) code |= BOTH_Z;
  return code;
}

/** Adds clicks (L 1, R 2) to the code of a setting pair. */
export function withClicks(code: u32, clicks: u32): u32 {
  return (code | (clicks << 24)) + (clicks - 1);
}

/** Index of the setting pair. */
export function pairOf(code: u32): u32 {
  return ((code >> 8) & 0xff) * 5 + ((code >> 16) & 0xff);
}
