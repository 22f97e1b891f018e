/** The whole stack, from outside: five services, their gateway, and what happens when parts die. */
package dev.relayauth.stack.whole;
