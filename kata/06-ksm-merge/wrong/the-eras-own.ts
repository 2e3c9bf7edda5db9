// Believed: what KSM does is known, and can be had.
// Rejected by: importing
import { largeFolio } from "sim";

export const { ksmMergeWith, ksmMergeTwo } = largeFolio;
