import { injectedFaults } from "./injected-faults.ts";

injectedFaults("none", 1.5e8, 25);
injectedFaults("active", 1.5e8, 4);
