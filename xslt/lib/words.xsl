<?xml version="1.0" encoding="UTF-8"?>
<!-- The words for values of the document, and dates. The context is the element that carries the attribute. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template name="tier-word">
	<xsl:choose>
		<xsl:when test="@tier = 'distributor'">Distributor</xsl:when>
		<xsl:when test="@tier = 'reseller'">Reseller</xsl:when>
		<xsl:otherwise>Customer</xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="state-word">
	<xsl:choose>
		<xsl:when test="@state = 'success'">Success</xsl:when>
		<xsl:when test="@state = 'warning'">Warning</xsl:when>
		<xsl:when test="@state = 'failed'">Failed</xsl:when>
		<xsl:otherwise>Not available</xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="renewal-word">
	<xsl:choose>
		<xsl:when test="@renewal = 'auto'">Auto-renewal</xsl:when>
		<xsl:when test="@renewal = 'manual'">Manual renewal</xsl:when>
		<xsl:otherwise>Fixed term</xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="entitlement-word">
	<xsl:choose>
		<xsl:when test="@entitlement = 'spp'">SPP</xsl:when>
		<xsl:when test="@entitlement = 'ppa'">PPA</xsl:when>
		<xsl:otherwise>None</xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="role-word">
	<xsl:param name="role"/>
	<xsl:choose>
		<xsl:when test="$role = 'admin'">Admin</xsl:when>
		<xsl:when test="$role = 'sales'">Sales</xsl:when>
		<xsl:otherwise>None</xsl:otherwise>
	</xsl:choose>
</xsl:template>

<!-- A date of ten characters or the date of an instant; a dash when there is none. -->
<xsl:template name="day">
	<xsl:param name="at"/>
	<xsl:choose>
		<xsl:when test="$at"><time datetime="{$at}"><xsl:value-of select="substring($at, 1, 10)"/></time></xsl:when>
		<xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<!-- An instant to the minute, in UTC as the document has it. -->
<xsl:template name="instant">
	<xsl:param name="at"/>
	<xsl:choose>
		<xsl:when test="$at"><time datetime="{$at}"><xsl:value-of select="concat(substring($at, 1, 10), ' ', substring($at, 12, 5))"/></time></xsl:when>
		<xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="dash"><span class="dash">---</span></xsl:template>
</xsl:stylesheet>
