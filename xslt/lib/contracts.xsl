<?xml version="1.0" encoding="UTF-8"?>
<!-- What lists of contracts show. The context is a contract. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template name="contract-status"><span class="badge {@status}"><xsl:choose>
	<xsl:when test="@status = 'draft'">draft</xsl:when>
	<xsl:when test="@status = 'scheduled'">scheduled</xsl:when>
	<xsl:when test="@status = 'active'">active</xsl:when>
	<xsl:when test="@status = 'expired'">expired</xsl:when>
	<xsl:when test="@status = 'cancelled'">cancelled</xsl:when>
	<xsl:otherwise>superseded</xsl:otherwise>
</xsl:choose></span></xsl:template>

<xsl:template name="contract-version">v<xsl:value-of select="@version"/></xsl:template>
</xsl:stylesheet>
