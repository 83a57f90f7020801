"""Text for generated payloads: people, places, things and sentences, with chance and grammar from a seed."""
