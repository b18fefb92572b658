import { injectedFaults } from "./injected-faults.ts";

injectedFaults("none", 1e8, 1);
